package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"qibu/internal/cert"
	"qibu/internal/cert/pdf"
	"qibu/internal/fault"
)

func sample() cert.Certificate {
	number := cert.NewNumber([5]byte{0x12, 0xfe, 0x33, 0x01, 0x9c})
	return cert.Certificate{
		Number: number, Person: "陈玥", StaffNo: "A10246",
		Title: "认证服务顾问", TitleEN: "Certified Service Advisor", Level: "L2",
		ValidFrom: "2026-03-04", ValidUntil: "2028-03-03", Issued: "2026-03-05",
		Issuer: "城南汽车销售服务有限公司",
		Evidence: []string{
			"理论：统考 92 分（及格 85），2026-02-01",
			"演练：RP01、RP03、RP09、RP10、RP11，平均 86 分，未触红线",
			"实操：观察表 14 项，★ 项全部通过，签核人 李培训、王组长",
		},
		VerifyURL: "https://qibu.example.com/verify/" + number,
	}
}

// crowded is the sample with everything too long.
func crowded() cert.Certificate {
	c := sample()
	c.Person = "阿卜杜热合曼·买买提吐尔逊·艾合买提江"
	c.StaffNo = "CN-SH-2026-000010246"
	c.Title = "售后服务顾问岗位资格认证（新能源与燃油车综合方向，含事故车接待）"
	c.TitleEN = "Certified After-Sales Service Advisor for New Energy and Combustion Vehicles, Accident Reception Included"
	c.Issuer = "华东大区城南汽车销售服务（集团）股份有限公司上海浦东第一分公司人力资源与培训中心"
	for i := range 5 {
		c.Evidence = append(c.Evidence, fmt.Sprintf("实操：第 %d 项，由两位观察人分别签核，评语齐全，照片存档，复核通过，与工单编号逐一对应，客户评价与回访记录一并附上，培训部与人力资源部均已复核，没有异议", i+1))
	}
	return c
}

// file draws c into a file.
func file(t *testing.T, c cert.Certificate) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "certificate.pdf")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := pdf.Certificate(f, c); err != nil {
		t.Fatal(err)
	}
	return name
}

// run runs a reader of PDF or images that is not ours. Where it is not installed
// the test is skipped, but never under CI.
func run(t *testing.T, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed: apt-get install poppler-utils zbar-tools", tool)
		}
		t.Skipf("%s is not installed", tool)
	}
	out, err := exec.Command(tool, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, out)
	}
	return string(out)
}

// solid is s without any space, as extraction may set spaces of its own.
func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestEveryCharacterIsInTheText(t *testing.T) {
	for _, c := range []cert.Certificate{sample(), crowded()} {
		text := solid(run(t, "pdftotext", "-layout", file(t, c), "-"))
		want := append([]string{c.Person, c.StaffNo, c.Title, c.TitleEN, c.Level, c.Number, c.Issuer, string(c.ValidFrom), string(c.ValidUntil), string(c.Issued),
			strings.TrimPrefix(c.VerifyURL, "https://"), "兹证明", "有效期至（含当日）", "预约", "派工维修", "跟踪"}, c.Evidence...)
		for _, w := range want {
			if !strings.Contains(text, solid(w)) {
				t.Errorf("the page does not say %q:\n%s", w, text)
			}
		}
	}
}

// Titles that begin with the level show it once.
func TestLevelIsShownOnce(t *testing.T) {
	c := sample()
	c.Title = "L2 认证服务顾问"
	if text := run(t, "pdftotext", file(t, c), "-"); strings.Count(text, "L2") != 1 {
		t.Errorf("%s", text)
	}
}

func TestFileDescribesItself(t *testing.T) {
	t.Setenv("TZ", "UTC")
	c := sample()
	info := run(t, "pdfinfo", file(t, c))
	for _, want := range []string{`Title: +认证服务顾问 陈玥 ` + c.Number, `Author: +` + c.Issuer, `CreationDate: +Thu Mar +5 00:00:00 2026`, `Pages: +1\n`, `Page size: +842 x 595 pts`} {
		if !regexp.MustCompile(want).MatchString(info) {
			t.Errorf("no %s in\n%s", want, info)
		}
	}
	fonts := run(t, "pdffonts", file(t, c))
	if n := strings.Count(fonts, "CID TrueType      Identity-H       yes"); n != 2 {
		t.Errorf("%d embedded fonts:\n%s", n, fonts)
	}
}

var box = regexp.MustCompile(`<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>`)

// However long the texts, everything stays inside the margins, the strip between
// the column and the ring stays free, and under the last rule is only the footer.
func TestNothingRunsOver(t *testing.T) {
	words := box.FindAllStringSubmatch(run(t, "pdftotext", "-bbox", file(t, crowded()), "-"), -1)
	if len(words) < 20 {
		t.Fatalf("%d words", len(words))
	}
	footer := ""
	for _, w := range words {
		var at [4]float64 // left, top, right, bottom
		for i := range at {
			at[i], _ = strconv.ParseFloat(w[i+1], 64)
		}
		if at[1] > 530 {
			footer += w[5]
		}
		inStrip := at[0] < 490 && at[2] > 464 && at[1] > 100 && at[3] < 530
		if at[0] < 60 || at[1] < 40 || at[2] > 782 || at[3] > 555 || inStrip {
			t.Errorf("%s at %v", w[5], at)
		}
	}
	if want := "证书是否有效，以核验页面为准。Seetheverificationpageforthecurrentstatus.七步Qibu"; footer != want {
		t.Errorf("under the last rule: %s", footer)
	}
}

func TestCodeLeadsToTheVerificationPage(t *testing.T) {
	c := sample()
	picture := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-r", "100", "-png", "-singlefile", file(t, c), picture)
	if got := strings.TrimSpace(run(t, "zbarimg", "-q", "--raw", picture+".png")); got != c.VerifyURL {
		t.Errorf("the code reads %q", got)
	}
}

func TestMissing(t *testing.T) {
	if got := pdf.Missing("陈玥 珺喆堃祎 翀昇 José García-Müller 阿依古丽·买买提"); len(got) > 0 {
		t.Errorf("the font lacks %q", string(got))
	}
	if got := pdf.Missing("𠮷田𠮷\U0001F697"); string(got) != "𠮷\U0001F697" {
		t.Errorf("missing %q", string(got))
	}
}

func TestUndrawableNameIsAnError(t *testing.T) {
	c := sample()
	c.Person = "𠮷野"
	var out bytes.Buffer
	err := pdf.Certificate(&out, c)
	var f *fault.Error
	if !errors.Is(err, fault.Invalid) || !errors.As(err, &f) || f.Args["glyphs"] != "𠮷" || out.Len() > 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

// The parsed fonts are shared: pages drawn at the same time, and again, are the
// same to the byte.
func TestSameCertificateSameFile(t *testing.T) {
	var files [6]bytes.Buffer
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() {
			if err := pdf.Certificate(&files[i], sample()); err != nil {
				t.Error(err)
			}
			pdf.Missing("陈玥")
			_ = pdf.Certificate(io.Discard, crowded())
		})
	}
	wg.Wait()
	for i := range files {
		if !bytes.Equal(files[0].Bytes(), files[i].Bytes()) {
			t.Errorf("file %d differs", i)
		}
	}
}

func BenchmarkCertificate(b *testing.B) {
	c := sample()
	b.ReportAllocs()
	for b.Loop() {
		if err := pdf.Certificate(io.Discard, c); err != nil {
			b.Fatal(err)
		}
	}
}
