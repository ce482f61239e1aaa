package qti

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"
)

// packed is one file of a package, not yet unpacked.
type packed struct {
	name string
	file *zip.File
}

// unzip lists the files of a package that may be unpacked. What a file says of
// its own size is checked here and held to in read.
func unzip(src []byte) ([]packed, error) {
	z, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		return nil, errZip
	}
	if len(z.File) > maxFiles {
		return nil, errFiles
	}
	var files []packed
	plain := uint64(0)
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		if path.IsAbs(name) || strings.Contains(name, ":") || slices.Contains(strings.Split(name, "/"), "..") {
			return nil, errPath
		}
		if !f.FileInfo().Mode().IsRegular() {
			continue
		}
		if plain += f.UncompressedSize64; plain > maxPlain || plain > smallFile && plain > maxRatio*uint64(len(src)) {
			return nil, errSwollen
		}
		files = append(files, packed{path.Clean(name), f})
	}
	return files, nil
}

// read unpacks a file.
func (p packed) read() ([]byte, error) {
	if p.file.UncompressedSize64 > maxFile {
		return nil, errSwollen
	}
	in, err := p.file.Open()
	if err != nil {
		return nil, errZip
	}
	text, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if closing := in.Close(); err != nil || closing != nil {
		return nil, errZip
	}
	if len(text) > maxFile {
		return nil, errSwollen
	}
	return text, nil
}
