// Opens the checkpoints of an audit log and checks its proofs by the packages note and tlog of
// Go's sumdb, and looks that they refuse each that was altered.
//
//	sumdb FOLDER SEED CHANGES
//
// FOLDER holds key (the log's), witnesses (a key a line), export/ (a log in the layout of
// tlog-tiles), note-* (checkpoints as signed, with or without cosignatures), record-* (proofs of
// entries) and growth-* (requests to a witness: proofs that the log only grew).
// The last line is JSON: counts.  Ends with 1 where anything is accepted that should not be, or refused
// that should not be.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight      = 8
	tileWidth       = 256
	cosignatureType = 4
)

var errForm = errors.New("not in its form")

// A witness's key: note knows Ed25519 over the text alone, but takes verifiers of others.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }
func (w *witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	return ed25519.Verify(w.key, append([]byte(head), text...), signature[8:])
}

func newWitness(line string) (note.Verifier, error) {
	parts := strings.SplitN(line, "+", 3)
	if len(parts) != 3 {
		return nil, errForm
	}
	marked, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(marked) != 1+ed25519.PublicKeySize || marked[0] != cosignatureType {
		return nil, errForm
	}
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), marked...))
	if fmt.Sprintf("%x", digest[:4]) != parts[1] {
		return nil, errForm
	}
	return &witness{parts[0], binary.BigEndian.Uint32(digest[:4]), marked[1:]}, nil
}

// What verifies, and the roots that were signed.
type outsider struct {
	log       note.Verifier
	witnesses []note.Verifier
	roots     map[int64]tlog.Hash
}

// The tree of a checkpoint whose log, and every witness that is asked for, signed it.
func (o *outsider) open(file []byte, needed []note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(file, note.VerifierList(append([]note.Verifier{o.log}, needed...)...))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(opened.Sigs) != 1+len(needed) {
		return tlog.Tree{}, errors.New("not signed by all")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != o.log.Name() {
		return tlog.Tree{}, errForm
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	hashes := []tlog.Hash{}
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		if hash.String() != line { // base64 of Go's passes over bits behind the end
			return nil, errForm
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// A number in decimal, in its one form.
func parseNumber(line, word string) (int64, error) {
	digits := strings.TrimPrefix(line, word)
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || line != word+strconv.FormatInt(number, 10) {
		return 0, errForm
	}
	return number, nil
}

// The lines before the checkpoint, and the tree it signs.
func (o *outsider) split(name string, file []byte) ([]string, tlog.Tree, error) {
	head, rest, found := bytes.Cut(file, []byte("\n\n"))
	if !found {
		return nil, tlog.Tree{}, errForm
	}
	tree, err := o.open(rest, o.neededBy(name))
	return strings.Split(string(head), "\n"), tree, err
}

type record struct {
	entry []byte
	index int64
	proof tlog.RecordProof
	tree  tlog.Tree
}

func (o *outsider) checkRecord(name string, file []byte) (*record, error) {
	lines, tree, err := o.split(name, file)
	if err != nil {
		return nil, err
	}
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") {
		return nil, errForm
	}
	entry, err := base64.StdEncoding.Strict().DecodeString(lines[1][len("extra "):])
	if err != nil {
		return nil, err
	}
	if base64.StdEncoding.EncodeToString(entry) != lines[1][len("extra "):] {
		return nil, errForm
	}
	index, err := parseNumber(lines[2], "index ")
	if err != nil {
		return nil, err
	}
	proof, err := parseHashes(lines[3:])
	if err != nil {
		return nil, err
	}
	return &record{entry, index, proof, tree},
		tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

type growth struct {
	older int64
	proof tlog.TreeProof
	tree  tlog.Tree
}

func (o *outsider) checkGrowth(name string, file []byte) (*growth, error) {
	lines, tree, err := o.split(name, file)
	if err != nil {
		return nil, err
	}
	older, err := parseNumber(lines[0], "old ")
	if err != nil {
		return nil, err
	}
	proof, err := parseHashes(lines[1:])
	if err != nil {
		return nil, err
	}
	root, known := o.roots[older]
	if !known {
		return nil, errors.New("nobody signed a tree of that size")
	}
	return &growth{older, proof, tree}, tlog.CheckTree(proof, tree.N, tree.Hash, older, root)
}

// The tiles of an export, for tlog's own reader, which checks each against the root.
type tiles struct{ folder string }

func (t tiles) Height() int                     { return tileHeight }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	read := [][]byte{}
	for _, tile := range wanted {
		// tlog's own path names the height too: tile/8/0/x001/234.p/5
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

// All entries of an export, in order.
func readEntries(folder string, size int64) ([][]byte, error) {
	entries := [][]byte{}
	for int64(len(entries)) < size {
		tile := tlog.Tile{H: tileHeight, L: 0, N: int64(len(entries)) / tileWidth, W: tileWidth}
		if size-int64(len(entries)) < tileWidth {
			tile.W = int(size - int64(len(entries)))
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for i := 0; i < tile.W; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, errForm
			}
			length := int(binary.BigEndian.Uint16(data))
			entries, data = append(entries, data[2:2+length]), data[2+length:]
		}
		if len(data) > 0 {
			return nil, errForm
		}
	}
	return entries, nil
}

type result struct {
	Notes, Cosigned, Records, Trees, Entries int
	SameRecords, SameTrees                   int `json:",omitempty"`
	Altered, Respelled                       int
	AlteredKinds                             map[string]int
	Failures                                 []string
}

func (r *result) fail(format string, values ...interface{}) {
	if len(r.Failures) < 20 {
		r.Failures = append(r.Failures, fmt.Sprintf(format, values...))
	}
}

func load(pattern string) map[string][]byte {
	files := map[string][]byte{}
	names, _ := filepath.Glob(pattern)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		files[filepath.Base(name)] = data
	}
	return files
}

// One bit flipped, one byte taken out, put in, or doubled, or the end cut off.
func alter(chance *rand.Rand, file []byte) []byte {
	at := chance.Intn(len(file))
	copied := append([]byte{}, file...)
	switch chance.Intn(6) {
	case 0:
		return append(copied[:at], copied[at+1:]...)
	case 1:
		return append(copied[:at], append([]byte{byte(chance.Intn(256))}, file[at:]...)...)
	case 2:
		return copied[:at]
	default:
		copied[at] ^= 1 << chance.Intn(8)
	}
	return copied
}

func main() {
	folder := os.Args[1]
	seed, _ := strconv.ParseInt(os.Args[2], 10, 64)
	changes, _ := strconv.Atoi(os.Args[3])
	var found = result{AlteredKinds: map[string]int{}}
	chance := rand.New(rand.NewSource(seed))
	o := &outsider{roots: map[int64]tlog.Hash{}}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			panic(err)
		}
		return strings.TrimSpace(string(data))
	}
	var err error
	if o.log, err = note.NewVerifier(read("key")); err != nil {
		found.fail("the log's key: %v", err)
		finish(&found)
	}
	for _, line := range strings.Fields(read("witnesses")) {
		if _, err := note.NewVerifier(line); err == nil {
			found.fail("note knows cosignatures itself: ask it, not us")
		}
		verifier, err := newWitness(line)
		if err != nil {
			found.fail("a witness's key: %v", err)
			finish(&found)
		}
		o.witnesses = append(o.witnesses, verifier)
	}
	notes := load(filepath.Join(folder, "note-*"))
	for name, file := range notes {
		needed := o.neededBy(name)
		tree, err := o.open(file, needed)
		if err != nil {
			found.fail("%s: %v", name, err)
			continue
		}
		o.roots[tree.N] = tree.Hash
		found.Notes++
		found.Cosigned += len(needed)
	}
	records := load(filepath.Join(folder, "record-*"))
	growths := load(filepath.Join(folder, "growth-*"))
	checkExport(o, filepath.Join(folder, "export"), records, growths, &found)
	kinds := []struct {
		name  string
		files map[string][]byte
		check func(string, []byte) error
	}{
		{"note", notes, func(name string, file []byte) error {
			_, err := o.open(file, o.neededBy(name))
			return err
		}},
		{"record", records, func(name string, file []byte) error { _, err := o.checkRecord(name, file); return err }},
		{"growth", growths, func(name string, file []byte) error { _, err := o.checkGrowth(name, file); return err }},
	}
	for _, kind := range kinds {
		for _, name := range sortedNames(kind.files) {
			if err := kind.check(name, kind.files[name]); err != nil {
				found.fail("%s unaltered: %v", name, err)
			}
			for i := 0; i < changes; i++ {
				changed := alter(chance, kind.files[name])
				for bytes.Equal(changed, kind.files[name]) {
					changed = alter(chance, kind.files[name])
				}
				if kind.check(name, changed) != nil {
					found.Altered++
					found.AlteredKinds[kind.name]++
				} else if sameNote(changed, kind.files[name]) {
					save(filepath.Join(folder, fmt.Sprintf("respelled-%s-%d", kind.name, found.Respelled)), changed)
					found.Respelled++
				} else {
					save(filepath.Join(folder, "accepted-"+name), changed)
					found.fail("%s is accepted altered: see accepted-%s", name, name)
				}
			}
		}
	}
	finish(&found)
}

// True where nothing but the last bits of a signature's base64 differs, which note passes over: the
// signature itself is the same.
func sameNote(changed, file []byte) bool {
	if len(changed) != len(file) {
		return false
	}
	before, after := strings.Split(string(file), "\n"), strings.Split(string(changed), "\n")
	if len(before) != len(after) {
		return false
	}
	for i := range before {
		if before[i] != after[i] && !sameSignature(before[i], after[i]) {
			return false
		}
	}
	return true
}

func sameSignature(before, after string) bool {
	a, b := strings.Split(before, " "), strings.Split(after, " ")
	if len(a) != 3 || len(b) != 3 || a[0] != "\u2014" || a[0] != b[0] || a[1] != b[1] {
		return false
	}
	first, err := base64.StdEncoding.DecodeString(a[2])
	second, failed := base64.StdEncoding.DecodeString(b[2])
	return err == nil && failed == nil && bytes.Equal(first, second)
}

func save(name string, data []byte) {
	if err := os.WriteFile(name, data, 0o644); err != nil {
		panic(err)
	}
}

func (o *outsider) neededBy(name string) []note.Verifier {
	if strings.Contains(name, "cosigned") {
		return o.witnesses
	}
	return nil
}

func sortedNames(files map[string][]byte) []string {
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	for i := range names { // few: by insertion
		for j := i; j > 0 && names[j-1] > names[j]; j-- {
			names[j-1], names[j] = names[j], names[j-1]
		}
	}
	return names
}

// The whole export by tlog: every entry under the root, and the same proofs as ours.
func checkExport(o *outsider, folder string, records, growths map[string][]byte, found *result) {
	file, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		found.fail("export: %v", err)
		return
	}
	tree, err := o.open(file, nil)
	if err != nil {
		found.fail("export: %v", err)
		return
	}
	entries, err := readEntries(folder, tree.N)
	if err != nil {
		found.fail("export: %v", err)
		return
	}
	// A tree of Go's own over the entries: its roots must be those that were signed.
	stored := []tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := []tlog.Hash{}
		for _, index := range indexes {
			list = append(list, stored[index])
		}
		return list, nil
	})
	for index, entry := range entries {
		more, err := tlog.StoredHashes(int64(index), entry, reader)
		if err != nil {
			found.fail("entry %d: %v", index, err)
			return
		}
		stored = append(stored, more...)
		found.Entries++
	}
	for size, signed := range o.roots {
		root, err := tlog.TreeHash(size, reader)
		if err != nil || root != signed {
			found.fail("the root at %d is another than was signed", size)
		}
	}
	byTiles := tlog.TileHashReader(tree, tiles{folder})
	for index := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(index), byTiles)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entries[index]))
		}
		if err != nil {
			found.fail("entry %d by tiles: %v", index, err)
			return
		}
	}
	for name, file := range records {
		one, err := o.checkRecord(name, file)
		if err != nil {
			found.fail("%s: %v", name, err)
			continue
		}
		found.Records++
		theirs, err := tlog.ProveRecord(one.tree.N, one.index, reader)
		if err != nil || !reflect.DeepEqual([]tlog.Hash(theirs), []tlog.Hash(one.proof)) ||
			!bytes.Equal(one.entry, entries[one.index]) {
			found.fail("%s is another proof than tlog's", name)
			continue
		}
		found.SameRecords++
	}
	for name, file := range growths {
		one, err := o.checkGrowth(name, file)
		if err != nil {
			found.fail("%s: %v", name, err)
			continue
		}
		found.Trees++
		theirs, err := tlog.ProveTree(one.tree.N, one.older, reader)
		if err != nil || len(theirs) != len(one.proof) ||
			(len(theirs) > 0 && !reflect.DeepEqual([]tlog.Hash(theirs), []tlog.Hash(one.proof))) {
			found.fail("%s is another proof than tlog's", name)
			continue
		}
		found.SameTrees++
	}
}

func finish(found *result) {
	for _, line := range found.Failures {
		fmt.Println("FAIL " + line)
	}
	data, err := json.Marshal(found)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(data))
	if len(found.Failures) > 0 {
		os.Exit(1)
	}
	os.Exit(0)
}
