package markdown

import (
	"strings"
	"testing"
)

// BenchmarkRender renders a module of the usual length, about 2,000 characters.
func BenchmarkRender(b *testing.B) {
	section := lines(
		"## 车还没停稳 {#first-ID}",
		strings.Repeat("**注意：**当着客户的面铺好座椅防尘套、转向盘防尘套和脚垫[S4-035]，再和他一起看一圈。", 5),
		"", "> [!DIALOGUE] 做得好", "> 顾问：王先生，我先给车铺上防护，可以吗？", "> 客户：好。", "",
		"| 项目 | 时间 |", "|---|---|", "| 铺套 | 先 |", "| 环车 | 后 |", "")
	var src strings.Builder
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		src.WriteString(strings.Replace(section, "ID", id, 1))
	}
	text := []byte(src.String())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, ps := Render(text, author); len(ps) > 0 {
			b.Fatal(ps)
		}
	}
}
