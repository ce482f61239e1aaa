package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The README's table has every setting of serve, with its flag and its default.
func TestReadmeHasEverySetting(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, field := range reflect.VisibleFields(reflect.TypeFor[serve]()) {
		variable := field.Tag.Get("env")
		if variable == "" {
			continue
		}
		rows++
		flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(variable, "QIBU_"), "_", "-"))
		row := fmt.Sprintf("| `%s` | `--%s` | ", variable, flag)
		if value := field.Tag.Get("default"); value != "" {
			row += "`" + value + "` |"
		}
		if !strings.Contains(string(text), row) {
			t.Errorf("README.md has no row %s", row)
		}
	}
	if n := strings.Count(string(text), "| `QIBU_"); n != rows {
		t.Errorf("README.md has %d settings, serve has %d", n, rows)
	}
}
