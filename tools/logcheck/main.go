// logcheck checks the folder that `licencehub audit export` wrote, and receipts, with code that
// the makers of the hub did not write: golang.org/x/mod/sumdb (note, tlog).
//
//	logcheck DIR [RECEIPT.json ...]
//
// Exit status: 0 everything holds, 1 something does not, 2 wrong usage.
//
// It checks the signed checkpoint against log.vkey, every tile against the root of the checkpoint,
// every entry against its tile and the root again from the entries alone; each receipt with
// tlog.CheckRecord, and that its checkpoint is one of this very log.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

// c2spPath turns x/mod's tile path (tile/8/L/N, tile/8/data/N) into that of C2SP tlog-tiles
// (tile/L/N, tile/entries/N); the form of N and of partial tiles is the same.
func c2spPath(t tlog.Tile) string {
	rest := strings.TrimPrefix(t.Path(), "tile/8/")
	if strings.HasPrefix(rest, "data/") {
		return "tile/entries/" + strings.TrimPrefix(rest, "data/")
	}
	return "tile/" + rest
}

type tileFiles struct{ dir string }

func (f tileFiles) Height() int { return tileHeight }

func (f tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (f tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(filepath.Join(f.dir, c2spPath(t)))
		if err != nil {
			return nil, err
		}
		if len(data) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", c2spPath(t), len(data))
		}
		out = append(out, data)
	}
	return out, nil
}

type checkpoint struct {
	origin string
	tree   tlog.Tree
}

// openCheckpoint is tlog-checkpoint: a signed note of origin, size, root.
func openCheckpoint(text []byte, verifier note.Verifier) (checkpoint, error) {
	n, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 {
		return checkpoint{}, fmt.Errorf("checkpoint: too few lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, fmt.Errorf("checkpoint: size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return checkpoint{}, err
	}
	if lines[0] != verifier.Name() {
		return checkpoint{}, fmt.Errorf("checkpoint of %q, key of %q", lines[0], verifier.Name())
	}
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root}}, nil
}

func readBundle(dir string, n int64, width int) ([][]byte, error) {
	path := c2spPath(tlog.Tile{H: tileHeight, L: -1, N: n, W: width})
	data, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, fmt.Errorf("%s: cut short", path)
		}
		size := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+size {
			return nil, fmt.Errorf("%s: cut short", path)
		}
		entries = append(entries, data[2:2+size])
		data = data[2+size:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%s: %d entries instead of %d", path, len(entries), width)
	}
	return entries, nil
}

// checkEntries compares every entry with its tile, and the root with the one made of the entries.
func checkEntries(dir string, tree tlog.Tree, tiles tlog.HashReader) error {
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for first := int64(0); first < tree.N; first += tileWidth {
		width := tileWidth
		if tree.N-first < tileWidth {
			width = int(tree.N - first)
		}
		entries, err := readBundle(dir, first/tileWidth, width)
		if err != nil {
			return err
		}
		var indexes []int64
		for i := range entries {
			indexes = append(indexes, tlog.StoredHashIndex(0, first+int64(i)))
		}
		// TileHashReader proves each tile it reads against the root.
		hashes, err := tiles.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			hash := tlog.RecordHash(entry)
			if hash != hashes[i] {
				return fmt.Errorf("entry %d is not the one in the tree", first+int64(i))
			}
			more, err := tlog.StoredHashesForRecordHash(first+int64(i), hash, own)
			if err != nil {
				return err
			}
			stored = append(stored, more...)
		}
	}
	root, err := tlog.TreeHash(tree.N, own)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the entries make another root than the checkpoint's")
	}
	return nil
}

type receipt struct {
	Log   string `json:"log"`
	Index int64  `json:"index"`
	Entry []byte `json:"entry"`
	Proof string `json:"proof"`
}

// parseProof is tlog-proof@v1: header, optional extra line, index, hashes, blank line, checkpoint.
func parseProof(text string) (index int64, proof tlog.RecordProof, signed string, err error) {
	head, signed, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, nil, "", fmt.Errorf("proof: form")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return 0, nil, "", fmt.Errorf("proof: index line")
	}
	index, err = strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return 0, nil, "", err
	}
	for _, line := range lines[1:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return 0, nil, "", fmt.Errorf("proof: hash")
		}
		var h tlog.Hash
		copy(h[:], raw)
		proof = append(proof, h)
	}
	return index, proof, signed, nil
}

func checkReceipt(path string, verifier note.Verifier, log tlog.Tree, tiles tlog.HashReader) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var r receipt
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return err
	}
	index, proof, signed, err := parseProof(r.Proof)
	if err != nil {
		return err
	}
	c, err := openCheckpoint([]byte(signed), verifier)
	if err != nil {
		return err
	}
	if index != r.Index || c.origin != r.Log {
		return fmt.Errorf("receipt and proof name different things")
	}
	err = tlog.CheckRecord(proof, c.tree.N, c.tree.Hash, index, tlog.RecordHash(r.Entry))
	if err != nil {
		return err
	}
	if c.tree.N > log.N {
		return nil // made after the export
	}
	root, err := tlog.TreeHash(c.tree.N, tiles)
	if err != nil {
		return err
	}
	if root != c.tree.Hash {
		return fmt.Errorf("the receipt's checkpoint is not one of this log")
	}
	return nil
}

func check(dir string, receipts []string) error {
	vkey, err := os.ReadFile(filepath.Join(dir, "log.vkey"))
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return fmt.Errorf("log.vkey: %w", err)
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	c, err := openCheckpoint(signed, verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	tiles := tlog.TileHashReader(c.tree, tileFiles{dir})
	if err := checkEntries(dir, c.tree, tiles); err != nil {
		return err
	}
	for _, path := range receipts {
		if err := checkReceipt(path, verifier, c.tree, tiles); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	fmt.Printf("ok: %s, %d entries, %d receipts\n", c.origin, c.tree.N, len(receipts))
	return nil
}

func main() {
	if len(os.Args) < 2 || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: logcheck DIR [RECEIPT.json ...]")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "logcheck:", err)
		os.Exit(1)
	}
}
