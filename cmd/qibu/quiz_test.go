package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qibu/quiz/format"
)

const covers = `::三件套::[markdown]三件套应在什么时候铺？{
	~检查以后#手已经碰过座椅。
	=检查之前
	####先铺后查。
}

::开场::以下几题都在交车区。
`

func TestQuizConvert(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	file := write("covers.gift", covers)
	code, out, log := qibu(t, "", "quiz", "convert", "--from", "gift", "--to", "qibu", file)
	if note := file + ":7: 开场：说明文字没有带过来：以下几题都在交车区。\n"; code != 0 || log != note {
		t.Errorf("exit %d, %q, want %q", code, log, note)
	}
	for _, want := range []string{"## 三件套应在什么时候铺？ {#q1", "- [x] 检查之前", "  > 手已经碰过座椅。", "解析：先铺后查。"} {
		if !strings.Contains(out, want) {
			t.Errorf("missing %q in\n%s", want, out)
		}
	}

	// Through every format and back again it is the same bank.
	bank := write("covers.md", out)
	for _, format := range questionFormatNames() {
		there, back := filepath.Join(dir, "covers."+format), filepath.Join(dir, format+".md")
		if code, _, log := qibu(t, "", "quiz", "convert", "--from", "qibu", "--to", format, "-o", there, bank); code != 0 || log != "" {
			t.Errorf("to %s: exit %d, %s", format, code, log)
		}
		if code, _, log := qibu(t, "", "quiz", "convert", "--from", format, "--to", "qibu", "-o", back, there); code != 0 || log != "" {
			t.Errorf("from %s: exit %d, %s", format, code, log)
		}
		if text, err := os.ReadFile(back); err != nil || string(text) != out {
			t.Errorf("through %s, %v:\n%s", format, err, text)
		}
	}

	for name, args := range map[string][]string{
		"a bank with errors":        {"--from", "qibu", "--to", "gift", write("bad.md", "---\ncolour: red\n---\n")},
		"not that format":           {"--from", "moodlexml", "--to", "qibu", file},
		"a workbook for the screen": {"--from", "gift", "--to", "xlsx", file},
		"no place to write":         {"--from", "gift", "--to", "qibu", "-o", filepath.Join(dir, "nowhere", "x.md"), file},
	} {
		if code, out, log := qibu(t, "", append([]string{"quiz", "convert"}, args...)...); code != 1 || out != "" || log == "" {
			t.Errorf("%s: exit %d, %q, %q, want 1 and why", name, code, out, log)
		}
	}
	// What comes in by the standard input is read no further than any format may go.
	if code, piped, _ := qibu(t, covers, "quiz", "convert", "--from", "gift", "--to", "qibu", "-"); code != 0 || piped != out {
		t.Errorf("piped: exit %d,\n%s", code, piped)
	}
	endless := strings.Repeat("x", format.MaxBytes+2)
	if code, out, log := qibu(t, endless, "quiz", "convert", "--from", "gift", "--to", "qibu", "-"); code != 1 || out != "" || !strings.Contains(log, "文件太大：最多 32 MB") {
		t.Errorf("endless: exit %d, %.60q, %q", code, out, log)
	}
	if code, _, _ := qibu(t, "", "quiz", "convert", "--from", "gift", "--to", "aiken", file); code != 2 {
		t.Errorf("to Aiken: exit %d, want 2: it cannot say enough", code)
	}
}

// questionFormatNames are the formats that can be written.
func questionFormatNames() (names []string) {
	for _, f := range format.All() {
		if f.Write != nil {
			names = append(names, f.Name)
		}
	}
	return names
}
