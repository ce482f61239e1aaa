package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"qibu/content"
	"qibu/internal/academy"
)

// check reports every problem in content files, one a line, as file:line: message.
type check struct {
	Dir    string `arg:"" optional:"" type:"path" help:"内容目录；不写就检查自带的课程（content directory, else what ships）"`
	Strict bool   `help:"提醒也算错（warnings fail too）"`
}

// Run fails when there is an error, or with --strict any problem at all.
func (c *check) Run(std console) error {
	base, over, err := c.layers()
	if err != nil {
		return err
	}
	library, problems := academy.LoadLibrary(base, over)
	if library != nil {
		proven, more := library.Prove()
		library, problems = proven, append(problems, more...)
	}
	if len(problems) > 0 {
		std.say("%s", problems.Error())
	}
	if library != nil {
		std.say("%s", library.Cover())
	}
	if problems.Err() != nil || (c.Strict && len(problems) > 0) {
		return fmt.Errorf("内容有 %d 处问题（problems in the content）", len(problems))
	}
	return nil
}

// layers opens the directory as a whole curriculum when it has a catalogue, and
// else as one that is laid over what ships, as serve --content does.
func (c *check) layers() (base, over fs.FS, err error) {
	if c.Dir == "" {
		return content.FS, nil, nil
	}
	if info, err := os.Stat(c.Dir); err != nil || !info.IsDir() {
		return nil, nil, fmt.Errorf("%s 不是一个目录（not a directory）", c.Dir)
	}
	dir := os.DirFS(c.Dir)
	if _, err := fs.Stat(dir, "catalogue.yaml"); errors.Is(err, fs.ErrNotExist) {
		return content.FS, dir, nil
	}
	return dir, nil, nil
}
