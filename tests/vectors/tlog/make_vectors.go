// Makes go_tlog.txt and (after the line of dashes) go_checkpoint.txt with golang.org/x/mod/sumdb:
// Debian 12: GO111MODULE=off GOPATH=/usr/share/gocode go run make_vectors.go | awk for repeated lines.

package main

import (
	"encoding/base64"
	"fmt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type mem struct{ h []tlog.Hash }

func (m *mem) ReadHashes(idx []int64) ([]tlog.Hash, error) {
	out := []tlog.Hash{}
	for _, i := range idx {
		out = append(out, m.h[i])
	}
	return out, nil
}
func hex(h []tlog.Hash) string {
	s := ""
	for _, x := range h {
		s += fmt.Sprintf(" %x", x[:])
	}
	return s
}
func main() {
	m := &mem{}
	fmt.Println("# leaf i is the text \"leaf <i>\"; lines: root <n> <hash> | inclusion <i> <n> <hashes> | consistency <m> <n> <hashes>")
	var n int64
	roots := map[int64]tlog.Hash{}
	for n = 0; n < 100; n++ {
		hs, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("leaf %d", n)), m)
		if err != nil {
			panic(err)
		}
		m.h = append(m.h, hs...)
		r, err := tlog.TreeHash(n+1, m)
		if err != nil {
			panic(err)
		}
		roots[n+1] = r
	}
	for _, n := range []int64{1, 2, 3, 5, 7, 8, 13, 31, 64, 65, 100} {
		r := roots[n]
		fmt.Printf("root %d %x\n", n, r[:])
		for _, i := range []int64{0, 1, n / 2, n - 1} {
			if i >= n {
				continue
			}
			p, err := tlog.ProveRecord(n, i, m)
			if err != nil {
				panic(err)
			}
			fmt.Printf("inclusion %d %d%s\n", i, n, hex(p))
		}
		for _, k := range []int64{1, 2, 3, 4, 6, 8, 32, 63, 64, 99} {
			if k > n {
				continue
			}
			p, err := tlog.ProveTree(n, k, m)
			if err != nil {
				panic(err)
			}
			fmt.Printf("consistency %d %d%s\n", k, n, hex(p))
		}
	}
	// proof file parts
	skey := "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
	s, err := note.NewSigner(skey)
	if err != nil {
		panic(err)
	}
	r := roots[100]
	text := fmt.Sprintf("PeterNeumann\n100\n%s\n", base64.StdEncoding.EncodeToString(r[:]))
	msg, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		panic(err)
	}
	fmt.Printf("----\n%s", msg)
}
