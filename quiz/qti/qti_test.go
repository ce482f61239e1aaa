package qti

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

const (
	spec21 = `xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"`
	mapped = `<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>`
	equals = `<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>`
)

// item21 is an item of version 2.1.
func item21(declaration, body, processing string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<assessmentItem ` + spec21 + ` identifier="ITEM_1" title="一题" adaptive="false" timeDependent="false">` +
		declaration + `<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody>` + body + `</itemBody>` + processing + `</assessmentItem>`
}

func declare21(cardinality, base, correct, mapping string) string {
	values := ""
	for _, v := range strings.Split(correct, ";") {
		if v != "" {
			values += "<value>" + v + "</value>"
		}
	}
	return `<responseDeclaration identifier="RESPONSE" cardinality="` + cardinality + `" baseType="` + base + `"><correctResponse>` + values + `</correctResponse>` + mapping + `</responseDeclaration>`
}

const choices = `<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0"><prompt>哪些？</prompt>` +
	`<simpleChoice identifier="A">甲<feedbackInline outcomeIdentifier="FEEDBACK" identifier="A" showHide="show">因为</feedbackInline></simpleChoice>` +
	`<simpleChoice identifier="B">乙</simpleChoice><simpleChoice identifier="C">丙</simpleChoice></choiceInteraction>`

// keyOf writes what of a question decides, for a table.
func keyOf(d quiz.Draft) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d分 ", d.Kind, d.Points)
	for _, o := range d.Options {
		fmt.Fprintf(&b, "[%s", o.Text)
		if o.Right {
			b.WriteString(" √")
		}
		if o.Credit != 0 {
			fmt.Fprintf(&b, " %d%%", o.Credit)
		}
		if d.Picture != nil {
			fmt.Fprintf(&b, " %d,%d", o.X, o.Y)
		}
		b.WriteString("]")
	}
	for _, p := range d.Pairs {
		fmt.Fprintf(&b, "[%s→%s]", p.Left, p.Right)
	}
	for _, blank := range d.Blanks {
		fmt.Fprint(&b, blank.Accept)
	}
	for _, v := range d.Values {
		fmt.Fprintf(&b, "[%s±%s %d%%]", v.Figure, v.Tolerance, v.Percent)
	}
	for _, c := range d.Rubric {
		fmt.Fprintf(&b, "[%s %d]", c.Text, c.Points)
	}
	return b.String()
}

func TestReadVersion2(t *testing.T) {
	mapping := func(entries ...string) string {
		text := `<mapping defaultValue="0">`
		for _, e := range entries {
			key, value, _ := strings.Cut(e, "=")
			text += `<mapEntry mapKey="` + key + `" mappedValue="` + value + `"/>`
		}
		return text + `</mapping>`
	}
	pairs := `<matchInteraction responseIdentifier="RESPONSE"><simpleMatchSet><simpleAssociableChoice identifier="A">甲</simpleAssociableChoice><simpleAssociableChoice identifier="B">乙</simpleAssociableChoice></simpleMatchSet>` +
		`<simpleMatchSet><simpleAssociableChoice identifier="X">一</simpleAssociableChoice><simpleAssociableChoice identifier="Y">二</simpleAssociableChoice><simpleAssociableChoice identifier="Z">三</simpleAssociableChoice></simpleMatchSet></matchInteraction>`
	entry := `<p>交车后<textEntryInteraction responseIdentifier="RESPONSE"/>天内回访</p>`
	for _, c := range []struct{ name, src, stem, key, note string }{
		{"single", item21(declare21("single", "identifier", "B", ""), choices, equals), "哪些？", "single 1分 [甲][乙 √][丙]", ""},
		{"all or nothing", item21(declare21("multiple", "identifier", "A;B", ""), choices, equals), "哪些？", "multiple 1分 [甲 √][乙 √][丙]", "原来要全部选对才得分"},
		{"part credit", item21(declare21("multiple", "identifier", "A;B", mapping("A=1", "B=1", "C=-2")), choices, mapped), "哪些？", "multiple 2分 [甲 √ 50%][乙 √ 50%][丙 -100%]", ""},
		{
			"thirds", item21(declare21("multiple", "identifier", "", mapping("A=1", "B=1", "C=1")), strings.Replace(choices, "</choiceI", `<simpleChoice identifier="D">丁</simpleChoice></choiceI`, 1), mapped),
			"哪些？", "multiple 3分 [甲 √ 34%][乙 √ 33%][丙 √ 33%][丁]", "",
		},
		{"our own rule", item21(declare21("multiple", "identifier", "A;B", mapping("A=1", "B=1", "C=-1")), choices, mapped), "哪些？", "multiple 2分 [甲 √][乙 √][丙]", ""},
		{"order", item21(declare21("ordered", "identifier", "C;A;B", ""), strings.ReplaceAll(choices, "choiceInteraction", "orderInteraction"), equals), "哪些？", "order 1分 [丙][甲][乙]", ""},
		{"match", item21(declare21("multiple", "directedPair", "A Y;B X", ""), "<p>配</p>"+pairs, equals), "配", "match 1分 [甲→二][乙→一][→三]", "原来要全部配对才得分"},
		{"match by pairs", item21(declare21("multiple", "directedPair", "A Y;B X", mapping("A Y=1", "B X=1", "A X=0")), "<p>配</p>"+pairs, mapped), "配", "match 2分 [甲→二][乙→一][→三]", ""},
		{"match by weights", item21(declare21("multiple", "directedPair", "A Y;B X", mapping("A Y=2", "B X=1")), "<p>配</p>"+pairs, mapped), "配", "match 3分 [甲→二][乙→一][→三]", "各对的分值不一样"},
		{"match with a penalty", item21(declare21("multiple", "directedPair", "A Y;B X", mapping("A Y=1", "B X=1", "A X=-1")), "<p>配</p>"+pairs, mapped), "配", "match 2分 [甲→二][乙→一][→三]", "各对的分值不一样"},
		{"match turned round", item21(declare21("multiple", "directedPair", "A X;A Y;B Z", ""), "<p>配</p>"+pairs, equals), "配", "match 1分 [一→甲][二→甲][三→乙]", "左右两边换了过来"},
		{"blank", item21(declare21("single", "string", "", mapping("3=1", "三=0.5")), entry, mapped), "交车后{{}}天内回访", "fill 1分 [{3 100 } {三 50 }]", ""},
		{"figure", item21(declare21("single", "float", "3", ""), entry, equals), "交车后（　）天内回访", "numeric 1分 [3± 100%]", ""},
		{
			"figure with tolerance", item21(declare21("single", "integer", "40", ""), entry, `<responseProcessing><responseCondition><responseIf><equal toleranceMode="relative" tolerance="5 5"><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>`),
			"交车后（　）天内回访", "numeric 1分 [40±2 100%]", "",
		},
		{"list", item21(declare21("single", "identifier", "Y", ""), `<p>先<inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="false"><inlineChoice identifier="X">查</inlineChoice><inlineChoice identifier="Y">铺</inlineChoice></inlineChoiceInteraction></p>`, equals), "先{{}}", "fill 1分 [{铺 100 }]", "下拉选择改成了填空"},
		{"gaps", item21(declare21("multiple", "directedPair", "X G", ""), `<gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="X" matchMax="1">铺</gapText><gapText identifier="Y" matchMax="1">查</gapText><p>先<gap identifier="G"/>。</p></gapMatchInteraction>`, equals), "先{{}}。", "fill 1分 [{铺 100 }]", "拖进空里的词"},
		{"places", item21(declare21("ordered", "identifier", "B;A", ""), `<graphicOrderInteraction responseIdentifier="RESPONSE"><prompt>点</prompt><object data="car.png" type="image/png" width="200" height="100">车</object><hotspotChoice identifier="A" shape="rect" coords="0,0,100,100"/><hotspotChoice identifier="B" shape="poly" coords="190,10,200,10,195,40"/></graphicOrderInteraction>`, equals), "点", "hot 1分 [B 975,200][A 250,500]", "图片“car.png”没有带过来"},
		{"text", item21(declare21("single", "string", "", ""), `<p>写</p><rubricBlock view="scorer"><p>先道歉（2分）</p><p>新时间</p></rubricBlock><extendedTextInteraction responseIdentifier="RESPONSE" expectedLength="200"/>`, ""), "写", "text 1分 [先道歉 2][新时间 0]", ""},
		{"truth", item21(declare21("single", "identifier", "F", ""), `<p>铺了</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><simpleChoice identifier="F">False</simpleChoice><simpleChoice identifier="T">True</simpleChoice></choiceInteraction>`, equals), "铺了", "true-false 1分 [对][错 √]", ""},
		{"worth", item21(`<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>2.5</value></defaultValue></outcomeDeclaration>`+declare21("single", "identifier", "B", ""), choices, equals), "哪些？", "single 1分 [甲][乙 √][丙]", "原来值 2.50 分"},
	} {
		x, err := Read([]byte(c.src))
		if err != nil || len(x.Questions) != 1 {
			t.Errorf("%s: %v %v", c.name, err, x.Notes)
			continue
		}
		d, notes := x.Questions[0], fmt.Sprint(x.Notes)
		if d.Stem != c.stem || keyOf(d) != c.key || !strings.Contains(notes, c.note) || c.note == "" && len(x.Notes) > 0 {
			t.Errorf("%s\ngot  %q %s %s\nwant %q %s %s", c.name, d.Stem, keyOf(d), notes, c.stem, c.key, c.note)
		}
	}
}

// What is said afterwards finds its place by what calls it.
func TestReadFeedback(t *testing.T) {
	said := func(id, text string) string {
		return `<modalFeedback outcomeIdentifier="FEEDBACK" identifier="` + id + `" showHide="show"><p>` + text + `</p></modalFeedback>`
	}
	x, err := Read([]byte(item21(declare21("single", "identifier", "B", ""), choices, equals+said("INCORRECT", "再想想")+said("correct", "对")+said("C", "不是它")+said("general", "都先<b>铺</b>"))))
	if err != nil || len(x.Questions) != 1 {
		t.Fatal(err, x.Notes)
	}
	d := x.Questions[0]
	if want := (sheet.Responses{Right: "对", Wrong: "再想想"}); d.Said != want || d.Explanation != "都先**铺**" || d.Options[0].Why != "因为" || d.Options[2].Why != "不是它" {
		t.Errorf("%+v", d)
	}
	if d.ID != "item-1" || d.Name != "一题" {
		t.Errorf("%s %s", d.ID, d.Name)
	}
}

func TestItemsLeftOut(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{item21("", "<p>只有文字</p>", ""), "没有作答的地方"},
		{item21("", `<p>拖</p><sliderInteraction responseIdentifier="RESPONSE"/>`, ""), "没有这种作答方式：sliderinteraction"},
		{item21(declare21("multiple", "identifier", "A", ""), choices+choices, ""), "一道题里有 2 处不同的作答"},
		{item21(declare21("multiple", "identifier", "", ""), choices, ""), "没有写哪个选项是对的"},
		{item21(declare21("single", "identifier", "B", ""), strings.Replace(choices, "</choiceI", strings.Repeat(`<simpleChoice identifier="D">丁</simpleChoice>`, maxAnswers)+"</choiceI", 1), ""), "选项、空或答案超过 200 个"},
		{item21(declare21("single", "string", "", ""), `<p><textEntryInteraction responseIdentifier="RESPONSE"/>空</p>`, ""), "第 1 个空没有答案"},
	} {
		x, err := Read([]byte(c.src))
		if err != nil || len(x.Questions) != 0 || len(x.Notes) != 1 || !strings.Contains(x.Notes[0].Text, c.want) {
			t.Errorf("%v %v, want %s", err, x, c.want)
		}
	}
}

type zipFile struct{ name, text string }

func zipped(t *testing.T, files ...zipFile) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(f.text))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// manifestOf is a manifest of version 2.1 that names files.
func manifestOf(hrefs ...string) zipFile {
	text := `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><metadata/><organizations/><resources>`
	for i, h := range hrefs {
		text += fmt.Sprintf(`<resource identifier="R%d" type="imsqti_item_xmlv2p1" href="%s"><file href="%s"/></resource>`, i, h, h)
	}
	return zipFile{"export/imsmanifest.xml", text + `</resources></manifest>`}
}

func TestReadPackage(t *testing.T) {
	one := item21(declare21("single", "identifier", "B", ""), choices, equals)
	x, err := Read(zipped(t, zipFile{"export/b.xml", one}, zipFile{"export/a.xml", one}, manifestOf("a.xml", "b.xml", "gone.xml")))
	if err != nil || len(x.Questions) != 2 || x.Questions[0].ID == x.Questions[1].ID {
		t.Fatal(err, x)
	}
	if want := []quiz.Note{{Question: "R2", Text: "清单里写着“export/gone.xml”，压缩包里没有"}}; !cmp.Equal(want, x.Notes) {
		t.Error(x.Notes)
	}
}

func TestRefusedFiles(t *testing.T) {
	deep := strings.Repeat("<div>", maxDepth+1) + strings.Repeat("</div>", maxDepth+1)
	many := make([]zipFile, maxFiles+1)
	for i := range many {
		many[i].name = fmt.Sprint(i)
	}
	for _, c := range []struct {
		name string
		src  []byte
		want error
	}{
		{"large", make([]byte, MaxBytes+1), errLarge},
		{"no XML", []byte("GIFT"), errXML},
		{"unclosed", []byte("<assessmentItem><itemBody>"), errXML},
		{"two roots", []byte("<a/><b/>"), errXML},
		{"other XML", []byte("<quiz/>"), errNothing},
		{"version 1.2", []byte("<questestinterop/>"), errOld},
		{"entities", []byte(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><assessmentItem>&b;</assessmentItem>`), errEntity},
		{"outside", []byte(`<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>`), errEntity},
		{"undefined entity", []byte(`<assessmentItem>&nbsp;</assessmentItem>`), errXML},
		{"deep", []byte(item21("", deep, "")), errDeep},
		{"many elements", []byte("<a>" + strings.Repeat("<b/>", maxNodes+1) + "</a>"), errNodes},
		{"broken zip", []byte("PK\x03\x04"), errZip},
		{"no manifest", zipped(t, zipFile{"a.xml", "<a/>"}), errNothing},
		{"outside the package", zipped(t, zipFile{"../a.xml", "<a/>"}), errPath},
		{"Windows path", zipped(t, zipFile{`..\a.xml`, "<a/>"}), errPath},
		{"absolute", zipped(t, zipFile{"/etc/a.xml", "<a/>"}), errPath},
		{"many files", zipped(t, many...), errFiles},
		{"ratio", zipped(t, zipFile{"a.xml", strings.Repeat("0", 3<<20)}), errSwollen},
		{"much text", zipped(t, manifestOf("a.xml", "b.xml", "c.xml"), zipFile{"export/a.xml", "<a>" + noise(3<<20) + "</a>"}, zipFile{"export/b.xml", "<a>" + noise(3<<20) + "</a>"}, zipFile{"export/c.xml", "<a>" + noise(3<<20) + "</a>"}), errLong},
		{"one large file", zipped(t, manifestOf("a.xml"), zipFile{"export/a.xml", noise(maxFile + 1)}), errSwollen},
	} {
		if _, err := Read(c.src); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// noise is text that does not compress a hundredfold.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = 'a' + byte(x>>24)%26
	}
	return string(b)
}

// A file that is larger than its own header says is cut off, not read on.
func TestLyingSize(t *testing.T) {
	src := zipped(t, manifestOf("a.xml"), zipFile{"export/a.xml", strings.Repeat("<a/>", 10000)})
	at := bytes.LastIndex(src, []byte("PK\x01\x02")) // the directory's entry of a.xml
	copy(src[at+24:], []byte{10, 0, 0, 0})
	if _, err := Read(src); !errors.Is(err, errZip) {
		t.Error(err)
	}
}

// Whatever an item says, reading ends, and what was read can be written and read
// again.
func FuzzItem(f *testing.F) {
	f.Add(item21(declare21("multiple", "identifier", "A;B", ""), choices, equals))
	f.Add(item21(declare21("single", "float", "3", `<mapping upperBound="2"><mapEntry mapKey="3" mappedValue="1"/></mapping>`), `<p>a<textEntryInteraction responseIdentifier="RESPONSE"/></p>`, mapped))
	f.Add(item21(declare21("multiple", "directedPair", "A B", ""), `<associateInteraction responseIdentifier="RESPONSE"><simpleAssociableChoice identifier="A">甲</simpleAssociableChoice><simpleAssociableChoice identifier="B">乙</simpleAssociableChoice></associateInteraction>`, ""))
	f.Add(item21(declare21("ordered", "identifier", "A;B", ""), `<graphicOrderInteraction responseIdentifier="RESPONSE"><img src="a" width="10" height="10"/><hotspotChoice identifier="A" shape="circle" coords="1,2,3"/></graphicOrderInteraction>`, ""))
	f.Fuzz(func(t *testing.T, src string) {
		x, err := Read([]byte(src))
		if err != nil || len(src) > 1<<14 {
			return
		}
		out, _ := Write(x)
		back, err := Read(out)
		if len(x.Questions) > 0 && (err != nil || len(back.Questions)+len(back.Notes) == 0) {
			t.Fatalf("%v of %+v", err, x)
		}
	})
}
