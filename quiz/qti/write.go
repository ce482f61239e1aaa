package qti

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/quiz"
	"qibu/quiz/richtext"
	"qibu/quiz/sheet"
)

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	itemSpec = `xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xml:lang="zh-CN"`

	itemType     = "imsqti_item_xmlv3p0"
	stimulusType = "imsqti_stimulus_xmlv3p0"

	// idPrefix begins identifiers, which may not begin with a digit as ours may.
	idPrefix = "q_"
	// percentOutcome is the outcome that conditions on a figure set.
	percentOutcome = "PERCENT"
)

// written is one file of a package.
type written struct {
	id, kind, path, text string
	keywords, needs      []string
}

// Write makes a QTI 3.0 package. What it cannot say is in the notes.
func Write(x quiz.Exchange) ([]byte, []quiz.Note) {
	w := writer{}
	for _, s := range x.Situations {
		if !fileName.MatchString(s.ID) {
			w.notes = append(w.notes, quiz.Note{Question: s.ID, Text: "情境没有写进包里：它的号只能有小写字母、数字和连字符"})
			continue
		}
		id := "s_" + s.ID
		w.files = append(w.files, written{id: id, kind: stimulusType, path: "stimuli/" + s.ID + ".xml", text: xmlHead +
			fmt.Sprintf("<qti-assessment-stimulus %s identifier=\"%s\" title=\"%s\">\n<qti-stimulus-body>\n%s\n</qti-stimulus-body>\n</qti-assessment-stimulus>\n",
				itemSpec, escape(s.ID), escape(s.ID), blocks(s.Text))})
	}
	for _, d := range x.Questions {
		w.question(d)
	}
	return pack(append(w.files, written{path: "imsmanifest.xml", text: writeManifest(x.Title, w.files)})), w.notes
}

// pack zips files. A buffer takes every write, so there is no error to return.
func pack(files []written) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		if out, err := z.Create(f.path); err == nil {
			_, _ = out.Write([]byte(f.text))
		}
	}
	_ = z.Close()
	return b.Bytes()
}

// fileName is an id that files can be named by.
var fileName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

type writer struct {
	files []written
	notes []quiz.Note
}

func (w *writer) question(d quiz.Draft) {
	s := &script{draft: d}
	body, ok := bodies[d.Kind]
	if !ok || !fileName.MatchString(d.ID) || d.Case != "" && !fileName.MatchString(d.Case) {
		w.notes = append(w.notes, quiz.Note{Question: d.ID, Text: "没有写进包里：题型或题号不对，题号只能有小写字母、数字和连字符"})
		return
	}
	body(s)
	f := written{id: idPrefix + d.ID, kind: itemType, path: "items/" + d.ID + ".xml", keywords: keywords(d)}
	ref := ""
	if d.Case != "" {
		f.needs = []string{"s_" + d.Case}
		ref = fmt.Sprintf("<qti-assessment-stimulus-ref identifier=\"%s\" href=\"../stimuli/%s.xml\"/>\n", escape(d.Case), escape(d.Case))
	}
	f.text = s.item(ref)
	w.files = append(w.files, f)
	for _, text := range s.notes {
		w.notes = append(w.notes, quiz.Note{Question: d.ID, Text: text})
	}
}

// script is an item being written.
type script struct {
	draft        quiz.Draft
	declarations strings.Builder // of responses
	ask          string          // what stands in the body
	score        string          // expression of SCORE; empty when people score
	before       string          // rules before SCORE is set
	feedback     []string        // expressions of identifiers that are always called
	said         strings.Builder // rules that call others
	modal        strings.Builder
	notes        []string
}

// bodies write what is asked, by kind.
var bodies = map[string]func(*script){
	sheet.Single: (*script).choice, sheet.TrueFalse: (*script).choice, sheet.Multiple: (*script).choice,
	sheet.Order: (*script).order, sheet.Match: (*script).match, sheet.Fill: (*script).fill,
	sheet.Numeric: (*script).numeric, sheet.Hot: (*script).hot, sheet.Text: (*script).text,
}

func (s *script) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// item is the whole file.
func (s *script) item(stimulus string) string {
	d := s.draft
	var b strings.Builder
	b.WriteString(xmlHead)
	fmt.Fprintf(&b, `<qti-assessment-item %s identifier="%s" title="%s"`, itemSpec, idPrefix+escape(d.ID), escape(cmp.Or(d.Name, d.ID)))
	if d.Category != "" {
		fmt.Fprintf(&b, ` label="%s"`, escape(d.Category))
	}
	b.WriteString(` adaptive="false" time-dependent="false">` + "\n")
	b.WriteString(s.declarations.String())
	scored := ""
	if s.score == "" {
		scored = ` external-scored="human"`
	}
	fmt.Fprintf(&b, "<qti-outcome-declaration identifier=\"SCORE\" cardinality=\"single\" base-type=\"float\" normal-maximum=\"%d\"%s>%s</qti-outcome-declaration>\n", d.Points, scored, defaultValue("0"))
	fmt.Fprintf(&b, "<qti-outcome-declaration identifier=\"MAXSCORE\" cardinality=\"single\" base-type=\"float\">%s</qti-outcome-declaration>\n", defaultValue(strconv.Itoa(d.Points)))
	fmt.Fprintf(&b, "<qti-outcome-declaration identifier=\"%s\" cardinality=\"single\" base-type=\"float\">%s</qti-outcome-declaration>\n", percentOutcome, defaultValue("0"))
	b.WriteString("<qti-outcome-declaration identifier=\"FEEDBACK\" cardinality=\"multiple\" base-type=\"identifier\"/>\n")
	b.WriteString(stimulus)
	fmt.Fprintf(&b, "<qti-item-body>\n%s\n</qti-item-body>\n", s.ask)
	s.tell()
	b.WriteString("<qti-response-processing>\n" + s.before)
	if s.score != "" {
		b.WriteString(set("SCORE", s.score))
	}
	// With one identifier that calls nothing FEEDBACK is never null, which some players fail on.
	b.WriteString(set("FEEDBACK", "<qti-multiple>"+base("identifier", "ANSWERED")+strings.Join(s.feedback, "")+"</qti-multiple>"))
	b.WriteString(s.said.String() + "</qti-response-processing>\n" + s.modal.String() + "</qti-assessment-item>\n")
	return b.String()
}

func defaultValue(v string) string {
	return "<qti-default-value><qti-value>" + v + "</qti-value></qti-default-value>"
}

func set(outcome, expression string) string {
	return fmt.Sprintf("<qti-set-outcome-value identifier=\"%s\">%s</qti-set-outcome-value>\n", outcome, expression)
}

func variable(id string) string { return `<qti-variable identifier="` + id + `"/>` }

func base(kind, value string) string {
	return fmt.Sprintf(`<qti-base-value base-type="%s">%s</qti-base-value>`, kind, escape(value))
}

// share is points × part ÷ whole, rounded down as our rules round.
func (s *script) share(part string, whole int) string {
	return "<qti-integer-to-float><qti-truncate><qti-divide><qti-product>" + base("float", strconv.Itoa(s.draft.Points)) + part +
		"</qti-product>" + base("float", strconv.Itoa(whole)) + "</qti-divide></qti-truncate></qti-integer-to-float>"
}

// call calls feedback if a condition holds.
func call(condition, id string) string {
	return "<qti-response-condition><qti-response-if>" + condition + addFeedback(id) + "</qti-response-if></qti-response-condition>\n"
}

func addFeedback(id string) string {
	return set("FEEDBACK", "<qti-multiple>"+variable("FEEDBACK")+base("identifier", id)+"</qti-multiple>")
}

func (s *script) say(id, html string) {
	fmt.Fprintf(&s.modal, "<qti-modal-feedback outcome-identifier=\"FEEDBACK\" show-hide=\"show\" identifier=\"%s\"><qti-content-body>%s</qti-content-body></qti-modal-feedback>\n", id, html)
}

// tell writes what is said to everyone, and to those who were right, partly
// right or wrong. Free texts are scored later, so nothing is said of them.
func (s *script) tell() {
	d := s.draft
	if d.Explanation != "" {
		s.feedback = append(s.feedback, base("identifier", "EXPLANATION"))
		s.say("EXPLANATION", blocks(d.Explanation))
	}
	if d.Said == (sheet.Responses{}) {
		return
	}
	right := "<qti-gte>" + variable("SCORE") + base("float", strconv.Itoa(d.Points)) + "</qti-gte>"
	some := "<qti-gt>" + variable("SCORE") + base("float", "0") + "</qti-gt>"
	for _, r := range []struct{ id, text, when string }{
		{"RIGHT", d.Said.Right, right},
		{"PARTLY", d.Said.Partly, "<qti-and><qti-not>" + right + "</qti-not>" + some + "</qti-and>"},
		{"WRONG", d.Said.Wrong, "<qti-not>" + some + "</qti-not>"},
	} {
		if r.text == "" {
			continue
		}
		s.say(r.id, "<p>"+richtext.Inline(r.text)+"</p>")
		if s.score != "" {
			s.said.WriteString(call(r.when, r.id))
		}
	}
}

// stem is the text of the question: its first line is a paragraph of its own.
func (s *script) stem() string {
	heading, rest, _ := strings.Cut(s.draft.Stem, "\n")
	return "<p>" + richtext.Inline(heading) + "</p>\n" + richtext.XHTML(rest)
}

// blocks is Markdown as markup, never empty.
func blocks(text string) string { return cmp.Or(richtext.XHTML(text), "<p></p>") }

// optionID is the identifier of an option counted from 0.
func optionID(i int) string { return "c" + strconv.Itoa(i+1) }

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// unprintable is what XML cannot hold.
var unprintable = regexp.MustCompile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ufffe\uffff]")

func escape(text string) string {
	return markup.Replace(unprintable.ReplaceAllString(strings.ToValidUTF8(text, "\ufffd"), ""))
}

// declare writes a response declaration.
func (s *script) declare(id, cardinality, baseType string, correct []string, mapping string) {
	fmt.Fprintf(&s.declarations, `<qti-response-declaration identifier="%s" cardinality="%s" base-type="%s">`, id, cardinality, baseType)
	if len(correct) > 0 {
		s.declarations.WriteString("<qti-correct-response>")
		for _, c := range correct {
			s.declarations.WriteString("<qti-value>" + escape(c) + "</qti-value>")
		}
		s.declarations.WriteString("</qti-correct-response>")
	}
	s.declarations.WriteString(mapping + "</qti-response-declaration>\n")
}

// mapping writes what each key is worth. With a bound the sum stays within 0 and it.
func mapping(bound int, entries []string) string {
	limits := ` lower-bound="0"`
	if bound > 0 {
		limits += fmt.Sprintf(` upper-bound="%d"`, bound)
	}
	return `<qti-mapping default-value="0"` + limits + ">" + strings.Join(entries, "") + "</qti-mapping>"
}

func entry(key string, worth int, exact bool) string {
	return fmt.Sprintf(`<qti-map-entry map-key="%s" mapped-value="%d" case-sensitive="%t"/>`, escape(key), worth, exact)
}

// choice writes single, multiple and true-false questions.
func (s *script) choice() {
	d := s.draft
	cardinality, most := "single", 1
	if d.Kind == sheet.Multiple {
		cardinality, most = "multiple", 0
	}
	var correct, entries []string
	credited := slices.ContainsFunc(d.Options, func(o quiz.Option) bool { return o.Credit != 0 })
	for i, o := range d.Options {
		if o.Right {
			correct = append(correct, optionID(i))
		}
		if worth := worth(d.Kind, o, credited); worth != 0 {
			entries = append(entries, entry(optionID(i), worth, true))
		}
	}
	bound, whole := 100, 100
	if d.Kind == sheet.Multiple && !credited {
		bound, whole = 0, max(len(correct), 1)
	}
	s.declare("RESPONSE", cardinality, "identifier", correct, mapping(bound, entries))
	s.score = s.share(`<qti-map-response identifier="RESPONSE"/>`, whole)
	s.feedback = append(s.feedback, variable("RESPONSE"))
	s.ask = s.stem() + fmt.Sprintf("\n<qti-choice-interaction response-identifier=\"RESPONSE\" shuffle=\"%t\" max-choices=\"%d\">\n%s</qti-choice-interaction>",
		!d.Fixed && d.Kind != sheet.TrueFalse, most, s.options())
}

// worth is what a choice of an option adds, in percent, or in right options
// where each is as good as the other.
func worth(kind string, o quiz.Option, credited bool) int {
	switch {
	case credited:
		return o.Credit
	case kind == sheet.Multiple && o.Right:
		return 1
	case kind == sheet.Multiple:
		return -1
	case o.Right:
		return 100
	}
	return 0
}

func (s *script) options() string {
	var b strings.Builder
	for i, o := range s.draft.Options {
		fmt.Fprintf(&b, `<qti-simple-choice identifier="%s">%s%s</qti-simple-choice>`+"\n", optionID(i), richtext.Inline(o.Text), inlineWhy(i, o))
	}
	return b.String()
}

func inlineWhy(i int, o quiz.Option) string {
	if o.Why == "" {
		return ""
	}
	return fmt.Sprintf(`<qti-feedback-inline outcome-identifier="FEEDBACK" identifier="%s" show-hide="show"> %s</qti-feedback-inline>`, optionID(i), richtext.Inline(o.Why))
}

// order writes steps. The run of steps in order, by which ours are credited, is
// no expression of QTI.
func (s *script) order() {
	s.inOrder()
	s.ask = s.stem() + "\n<qti-order-interaction response-identifier=\"RESPONSE\" shuffle=\"true\">\n" + s.options() + "</qti-order-interaction>"
}

func (s *script) inOrder() {
	var correct []string
	for i, o := range s.draft.Options {
		correct = append(correct, optionID(i))
		if o.Why != "" {
			s.feedback = append(s.feedback, base("identifier", optionID(i)))
		}
	}
	s.declare("RESPONSE", "ordered", "identifier", correct, "")
	s.before = "<qti-response-condition><qti-response-if><qti-match>" + variable("RESPONSE") + `<qti-correct identifier="RESPONSE"/></qti-match>` +
		set(percentOutcome, base("float", "100")) + "</qti-response-if></qti-response-condition>\n"
	s.score = s.share(variable(percentOutcome), 100)
	s.note("顺序全对才得分：错一两步的部分分，QTI 的算式写不出来")
}

// match writes pairs: the left sides, and each right side once. As written, they
// would stand beside each other: even where the right sides stay, the left are
// shuffled.
func (s *script) match() {
	var rights []string
	var left, right strings.Builder
	var correct, entries []string
	rows := 0
	for _, p := range s.draft.Pairs {
		at := slices.Index(rights, p.Right)
		if at < 0 {
			at = len(rights)
			rights = append(rights, p.Right)
			fmt.Fprintf(&right, `<qti-simple-associable-choice identifier="t%d" match-max="0" fixed="%t">%s</qti-simple-associable-choice>`+"\n", at+1, s.draft.Fixed, richtext.Inline(p.Right))
		}
		if p.Left == "" {
			continue
		}
		rows++
		fmt.Fprintf(&left, `<qti-simple-associable-choice identifier="r%d" match-max="1">%s</qti-simple-associable-choice>`+"\n", rows, richtext.Inline(p.Left))
		pair := fmt.Sprintf("r%d t%d", rows, at+1)
		correct = append(correct, pair)
		entries = append(entries, entry(pair, 1, true))
	}
	s.declare("RESPONSE", "multiple", "directedPair", correct, mapping(0, entries))
	s.score = s.share(`<qti-map-response identifier="RESPONSE"/>`, max(rows, 1))
	s.ask = s.stem() + fmt.Sprintf("\n<qti-match-interaction response-identifier=\"RESPONSE\" shuffle=\"true\" max-associations=\"%d\">\n<qti-simple-match-set>\n%s</qti-simple-match-set>\n<qti-simple-match-set>\n%s</qti-simple-match-set>\n</qti-match-interaction>",
		rows, left.String(), right.String())
}

// fill writes a text entry for every blank. Ours are compared more kindly than
// QTI can say.
func (s *script) fill() {
	d := s.draft
	var parts []string
	for i, b := range d.Blanks {
		id := "RESPONSE" + strconv.Itoa(i+1)
		var correct, entries []string
		for j, a := range b.Accept {
			if a.Percent == 100 && len(correct) == 0 {
				correct = []string{a.Text}
			}
			entries = append(entries, entry(a.Text, a.Percent, d.Exact))
			if a.Why != "" {
				s.say(whyID(i, j), "<p>"+richtext.Inline(a.Why)+"</p>")
				s.said.WriteString(call(fmt.Sprintf(`<qti-string-match case-sensitive="%t">`, d.Exact)+variable(id)+base("string", a.Text)+"</qti-string-match>", whyID(i, j)))
			}
		}
		s.declare(id, "single", "string", correct, mapping(100, entries))
		parts = append(parts, `<qti-map-response identifier="`+id+`"/>`)
	}
	s.score = s.share("<qti-sum>"+strings.Join(parts, "")+"</qti-sum>", 100*max(len(d.Blanks), 1))
	s.ask = s.stem()
	for i := range d.Blanks {
		s.ask = strings.Replace(s.ask, gap, fmt.Sprintf(`<qti-text-entry-interaction response-identifier="RESPONSE%d"/>`, i+1), 1)
	}
	switch {
	case d.ByValue:
		s.note("填空只按文字比对：数字的不同写法（百分之三十八、38%%、0.38）在 QTI 里不算一样")
	case !d.Exact:
		s.note("填空只按文字比对：全角半角、繁体简体的通融，QTI 里没有")
	}
}

// numeric writes a figure to enter. The first value that it fits decides, so the
// best come first.
func (s *script) numeric() {
	d := s.draft
	values := slices.Clone(d.Values)
	slices.SortStableFunc(values, func(a, b quiz.Value) int { return b.Percent - a.Percent })
	var correct []string
	if len(values) > 0 {
		correct = []string{values[0].Figure}
	}
	s.declare("RESPONSE", "single", "float", correct, "")
	var b strings.Builder
	for i, v := range values {
		tag := "qti-response-else-if"
		if i == 0 {
			tag = "qti-response-if"
		}
		equal := `<qti-equal tolerance-mode="exact">`
		if v.Tolerance != "" {
			equal = fmt.Sprintf(`<qti-equal tolerance-mode="absolute" tolerance="%s %s">`, escape(v.Tolerance), escape(v.Tolerance))
		}
		b.WriteString("<" + tag + ">" + equal + variable("RESPONSE") + base("float", v.Figure) + "</qti-equal>" + set(percentOutcome, base("float", strconv.Itoa(v.Percent))))
		if v.Why != "" {
			s.say(whyID(0, i), "<p>"+richtext.Inline(v.Why)+"</p>")
			b.WriteString(addFeedback(whyID(0, i)))
		}
		b.WriteString("</" + tag + ">")
	}
	if len(values) > 0 {
		s.before = "<qti-response-condition>" + b.String() + "</qti-response-condition>\n"
		s.feedback = append(s.feedback, variable("FEEDBACK"))
	}
	s.score = s.share(variable(percentOutcome), 100)
	s.ask = s.stem() + "\n<p><qti-text-entry-interaction response-identifier=\"RESPONSE\"/></p>"
	if len(d.Units) > 0 {
		s.note("单位没有带过去，答案都按“%s”", d.Units[0].Name)
	}
}

// hot writes places of a picture, small circles around our points.
func (s *script) hot() {
	s.inOrder()
	d := s.draft
	p := d.Picture
	if p == nil {
		p = &sheet.Picture{}
	}
	width, height := cmp.Or(p.Width, 1000), cmp.Or(p.Height, 1000)
	radius := max(1, min(width, height)/25)
	var b strings.Builder
	for i, o := range d.Options {
		fmt.Fprintf(&b, `<qti-hotspot-choice identifier="%s" shape="circle" coords="%d,%d,%d" hotspot-label="%s"/>`+"\n",
			optionID(i), (o.X*width+500)/1000, (o.Y*height+500)/1000, radius, escape(o.Text))
		if o.Why != "" {
			s.say(optionID(i), "<p>"+richtext.Inline(o.Why)+"</p>")
		}
	}
	s.ask = s.stem() + fmt.Sprintf("\n<qti-graphic-order-interaction response-identifier=\"RESPONSE\">\n<img src=\"%s\" alt=\"%s\" width=\"%d\" height=\"%d\"/>\n%s</qti-graphic-order-interaction>",
		escape(p.Source), escape(p.Alt), width, height, b.String())
	s.note("图片“%s”没有放进包里，要另外上传", p.Source)
}

// text writes a free text: people score it by the rubric.
func (s *script) text() {
	d := s.draft
	s.declare("RESPONSE", "single", "string", nil, "")
	length := ""
	if d.Most > 0 {
		length = fmt.Sprintf(` expected-length="%d"`, d.Most)
	}
	s.ask = s.stem() + "\n<qti-extended-text-interaction response-identifier=\"RESPONSE\"" + length + "/>"
	if len(d.Rubric) > 0 {
		s.ask += "\n<qti-rubric-block view=\"scorer\" use=\"scoring\"><qti-content-body><ul>"
		for _, c := range d.Rubric {
			s.ask += fmt.Sprintf("<li>%s (%d)</li>", richtext.Inline(c.Text), c.Points)
		}
		s.ask += "</ul></qti-content-body></qti-rubric-block>"
	}
	if d.Model != "" {
		s.ask += "\n<qti-rubric-block view=\"tutor\" use=\"instructions\"><qti-content-body>" + blocks(d.Model) + "</qti-content-body></qti-rubric-block>"
	}
}
