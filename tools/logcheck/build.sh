#!/bin/sh
# Builds the outside checker offline from Debian's sources of golang.org/x/mod
# (packages golang-go, golang-golang-x-mod-dev). Usage: build.sh OUTPUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$(dirname "$out")"
GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= CGO_ENABLED=0 \
  GOCACHE="$(cd "$(dirname "$out")" && pwd)/gocache" \
  exec go build -o "$out" "$here/main.go"
