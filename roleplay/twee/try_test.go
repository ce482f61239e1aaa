package twee

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"qibu/roleplay/script"
)

func TestTry(t *testing.T) {
	f := os.Getenv("TWEEFILE")
	src, _ := os.ReadFile(f)
	if strings.HasSuffix(f, ".md") {
		s, _ := script.Parse(f, src)
		src = Export(s.Scenario)
		fmt.Println(string(src))
	}
	d, err := Import("x.md", "试", src)
	fmt.Println(string(d.Source), err)
	for _, n := range d.Notes {
		fmt.Println(n)
	}
}
