package main

import (
	"fmt"
	"runtime/debug"
)

// versionInfo says which program this is.
type versionInfo struct{}

// Run prints version, commit and Go version.
func (versionInfo) Run(std console) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("程序里没有版本信息（no build information）")
	}
	commit := "unknown"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	std.say("qibu %s, commit %s, %s", info.Main.Version, commit, info.GoVersion)
	return nil
}
