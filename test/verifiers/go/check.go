// Checks a log as it is served, with nothing but Go's own libraries for its checksum database.
//
//	check head   KEY NOTE            the note is signed by the key, and is the head of its log
//	check record KEY NOTE LOG INDEX  the log at that address holds an entry under that head; prints the entry
//	check growth KEY OLD NEW LOG     the later head extends the earlier one
//
// KEY is a verifier key, NOTE, OLD and NEW are files, LOG is an address such as http://localhost:8080/log.
// Ends with 0 where that holds, and with 1 and the reason where it does not.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// https://c2sp.org/tlog-tiles: every tile has a height of 8.
const height = 8

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 {
		log.Fatal("usage: check head | record | growth …")
	}
	key, err := note.NewVerifier(os.Args[2])
	check("key", err)
	head := openHead(key, os.Args[3])
	switch rest := os.Args[4:]; {
	case os.Args[1] == "head" && len(rest) == 0:
		fmt.Println(head.N, head.Hash)
	case os.Args[1] == "record" && len(rest) == 2:
		index, err := strconv.ParseInt(rest[1], 10, 64)
		check("index", err)
		os.Stdout.Write(checkRecord(served(rest[0]), head, index))
	case os.Args[1] == "growth" && len(rest) == 2:
		checkGrowth(served(rest[1]), head, openHead(key, rest[0]))
	default:
		log.Fatal("usage: check head | record | growth …")
	}
}

// openHead reads a checkpoint: https://c2sp.org/tlog-checkpoint.
func openHead(key note.Verifier, path string) tlog.Tree {
	bytes, err := os.ReadFile(path)
	check("note", err)
	opened, err := note.Open(bytes, note.VerifierList(key))
	check("note", err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		log.Fatal("note: not the head of the log that the key signs")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check("size", err)
	hash, err := tlog.ParseHash(lines[2])
	check("root", err)
	return tlog.Tree{N: size, Hash: hash}
}

// checkRecord makes the proof itself, of tiles that it has held against the head.
func checkRecord(from served, head tlog.Tree, index int64) []byte {
	if index < 0 || index >= head.N {
		log.Fatal("index: not in the log")
	}
	proof, err := tlog.ProveRecord(head.N, index, tlog.TileHashReader(head, from))
	check("tiles", err)
	entry := from.entry(head.N, index)
	check("entry", tlog.CheckRecord(proof, head.N, head.Hash, index, tlog.RecordHash(entry)))
	return entry
}

func checkGrowth(from served, older, newer tlog.Tree) {
	if older.N > newer.N {
		log.Fatal("growth: the log has shrunk")
	}
	proof, err := tlog.ProveTree(newer.N, older.N, tlog.TileHashReader(newer, from))
	check("tiles", err)
	check("growth", tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash))
	fmt.Println(older.N, "to", newer.N)
}

// served is the address of a log.
type served string

func (served) Height() int { return height }

func (from served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := from.read(tile)
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (served) SaveTiles([]tlog.Tile, [][]byte) {}

// read fetches a tile. The checksum database names its height in the path and calls entries data; C2SP does neither.
func (from served) read(tile tlog.Tile) ([]byte, error) {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if tile.L == -1 {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	answer, err := http.Get(string(from) + "/tile/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s is answered with %s", path, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, 1<<height*(2+1<<16)))
}

// entry reads one of a bundle, in which each has its length in two bytes before it.
func (from served) entry(size, index int64) []byte {
	bundle := tlog.Tile{H: height, L: -1, N: index >> height, W: 1 << height}
	if last := size - bundle.N<<height; last < 1<<height {
		bundle.W = int(last)
	}
	bytes, err := from.read(bundle)
	check("entries", err)
	for at := int64(0); ; at++ {
		if len(bytes) < 2 || len(bytes) < 2+int(binary.BigEndian.Uint16(bytes)) {
			log.Fatal("entries: the bundle ends too early")
		}
		end := 2 + int(binary.BigEndian.Uint16(bytes))
		if at == index&(1<<height-1) {
			return bytes[2:end]
		}
		bytes = bytes[end:]
	}
}

func check(what string, err error) {
	if err != nil {
		log.Fatal(what, ": ", err)
	}
}
