package markdown

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"qibu/internal/fault"
)

var fence = []byte("---")

// FrontMatter decodes the YAML between the two --- lines that open a content
// file into the struct that into points to, and returns the rest of the file
// and the line it starts on. A field the struct does not have is a problem.
// Without the two lines there is no body.
func FrontMatter(file string, src []byte, into any) (body []byte, bodyLine int, ps fault.Problems) {
	rest := bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF"))
	first, rest, _ := bytes.Cut(rest, []byte("\n"))
	if !bytes.Equal(bytes.TrimRight(first, " \t\r"), fence) {
		ps.Add(file, 1, "文件要以 --- 开头，先写信息栏（title 等），再用 --- 结束，然后写正文")
		return nil, 1, ps
	}
	header, line := rest, 1
	for remaining := rest; len(remaining) > 0; {
		line++
		at := len(rest) - len(remaining)
		var text []byte
		text, remaining, _ = bytes.Cut(remaining, []byte("\n"))
		if bytes.Equal(bytes.TrimRight(text, " \t\r"), fence) {
			ps = decode(file, header[:at], 2, into)
			return remaining, line + 1, ps
		}
	}
	ps.Add(file, 1, "信息栏没有结束：少了第二个 ---")
	return nil, line, ps
}

// YAML decodes a whole file as strictly as FrontMatter decodes its part.
func YAML(file string, src []byte, into any) fault.Problems {
	return decode(file, src, 1, into)
}

func decode(file string, src []byte, firstLine int, into any) (ps fault.Problems) {
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		ps.Add(file, firstLine, "这里没有内容")
		return ps
	}
	var texts []string
	var fields *yaml.TypeError
	if errors.As(err, &fields) {
		texts = fields.Errors
	} else if err != nil {
		texts = []string{err.Error()}
	}
	for _, text := range texts {
		line, message := translate(text)
		line = min(max(line, 1), bytes.Count(src, []byte("\n"))+1) // none given, or one past the end
		ps.Add(file, firstLine+line-1, "%s", message)
	}
	return ps
}

// yamlMessages says in Chinese what the YAML library says in English.
var yamlMessages = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`^field (\S+) not found.*`), "没有 $1 这个字段"},
	{regexp.MustCompile(`^mapping key "(.*)" already defined.*`), "字段 $1 写了两次"},
	{regexp.MustCompile(`^cannot unmarshal \S+ ?(.*) into u?int.*`), "$1 应该是整数"},
	{regexp.MustCompile(`^cannot unmarshal \S+ ?(.*) into bool.*`), "$1 应该是 true 或 false"},
	{regexp.MustCompile(`^cannot unmarshal \S+ ?(.*) into \[\].*`), "$1 应该是列表，写成 [甲, 乙] 或每行一个 -"},
	{regexp.MustCompile(`^cannot unmarshal \S+ ?(.*) into string.*`), "$1 应该是一段文字"},
	{regexp.MustCompile(`^cannot unmarshal \S+ ?(.*) into .*`), "$1 这里应该分字段写"},
	{regexp.MustCompile(`^found (character that cannot start any token|a tab character).*`), "有不能放在这里的字符：缩进不能用制表符，以 @ 或 ` 开头的文字要加引号"},
	{regexp.MustCompile(`^mapping values are not allowed.*`), "冒号太多：文字里有“: ”时整段要加引号"},
	{regexp.MustCompile(`^(could not find|did not find) expected.*`), "缩进、引号或括号没有对齐"},
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

// translate returns the line, 0 when there is none, and the Chinese text of a YAML error.
func translate(text string) (line int, message string) {
	m := yamlLine.FindStringSubmatch(text)
	line, _ = strconv.Atoi(m[1])
	text = strings.ToValidUTF8(strings.TrimPrefix(text, m[0]), "") // values are cut by bytes
	if strings.HasPrefix(text, "did not find expected") {
		line++ // the library counts these from 0
	}
	for _, y := range yamlMessages {
		if y.english.MatchString(text) {
			return line, strings.TrimSpace(y.english.ReplaceAllString(text, y.chinese))
		}
	}
	return line, "YAML 写法有误：" + text
}
