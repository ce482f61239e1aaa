package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"qibu/content"
	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/quiz/sheet"
)

// canary matches the marks that the test content carries wherever the product
// keeps something to itself: one mark of its own in every text, and in every
// question's id.
var canary = regexp.MustCompile(`金丝雀[^号\s<>"&]{1,12}号|canaryq\d+|\b8642\d{3}\b`)

// marksIn lists the marks in a text. Most texts have none, which is seen fast by
// what every mark begins with.
func marksIn(text string) []string {
	if !containsAny(text, "金丝雀", "canaryq", "8642") {
		return nil
	}
	return canary.FindAllString(text, -1)
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

func mark(format string, args ...any) string {
	return "金丝雀" + fmt.Sprintf(format, args...) + "号"
}

const canaryQuiz, canaryScenario = "listen-and-explain", "canary"

// Questions of the test quiz: two of every kind, then a case of two.
const canaryQuestions, canaryDrawn = 20, 16

var canaryKinds = []string{
	sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order, sheet.Match, sheet.Fill, sheet.Numeric, sheet.Hot, sheet.Text,
}

// canaryKind is which kind question n is of.
func canaryKind(n int) string {
	if inCanaryCase(n) {
		return sheet.Single
	}
	return canaryKinds[n%len(canaryKinds)]
}

func inCanaryCase(n int) bool { return n >= 2*len(canaryKinds) }

// chooses reports whether the options of a kind are written with a box.
func chooses(kind string) bool {
	return kind == sheet.Single || kind == sheet.Multiple || kind == sheet.TrueFalse
}

// canaryOptions are the options of question n as they stand in the file.
func canaryOptions(n int) (list []string) {
	switch canaryKind(n) {
	case sheet.TrueFalse:
		return []string{"对", "错"}
	case sheet.Fill, sheet.Numeric, sheet.Text:
		return nil
	}
	for k := range 4 {
		list = append(list, mark("选项%d-%d", n, k))
	}
	return list
}

// canaryBank is a quiz with a mark in everything.
func canaryBank() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: 暗号\ntitle_en: Marks\nmodule: complaint-handling/listen-and-explain\ndraw: %d\npass: 70\nminutes: 15\n---\n", canaryDrawn)
	for n := range canaryQuestions {
		level, blank := "##", ""
		if inCanaryCase(n) {
			level = "###"
		}
		if inCanaryCase(n) && !inCanaryCase(n-1) {
			fmt.Fprintf(&b, "## %s {#canarycase type=case}\n%s\n\n", mark("情境"), mark("情境里"))
		}
		attributes := fmt.Sprintf("#canaryq%d topic=D%d difficulty=1", n, n%8+1)
		switch kind := canaryKind(n); {
		case n == 0:
			attributes += " critical"
		case n == 1:
			attributes += " points=2"
		case n == 9:
			attributes += " pilot"
		case !chooses(kind):
			attributes += " type=" + kind
		}
		if canaryKind(n) == sheet.Fill {
			blank = "{{}}"
		}
		fmt.Fprintf(&b, "%s %s%s {%s}\n%s\n\n%s\n", level, mark("题%d", n), blank, attributes, mark("题干%d", n), canaryAnswers(n))
		fmt.Fprintf(&b, "解析：%s\n答对：%s\n部分对：%s\n答错：%s\n名称：%s\n分类：%s\n依据：S4-093 · 复习：complaint-handling/listen-and-explain#first-line\n\n",
			mark("解析%d", n), mark("说对%d", n), mark("说半%d", n), mark("说错%d", n), mark("名%d", n), mark("类%d", n))
	}
	return b.String()
}

// canaryAnswers is what question n has to be answered with, and why.
func canaryAnswers(n int) string {
	var b strings.Builder
	switch kind := canaryKind(n); kind {
	case sheet.Match:
		b.WriteString("| 左 | 右 |\n|---|---|\n")
		for k, option := range canaryOptions(n) {
			left := mark("左%d-%d", n, k)
			if k == 3 {
				left = "" // to mislead
			}
			fmt.Fprintf(&b, "| %s | %s |\n", left, option)
		}
	case sheet.Fill:
		fmt.Fprintf(&b, "= %s\n  > %s\n", mark("填%d", n), mark("填因%d", n))
	case sheet.Numeric:
		fmt.Fprintf(&b, "= %s\n  > %s\n单位：分钟、小时=60\n", canaryFigure(n), mark("数因%d", n))
	case sheet.Text:
		fmt.Fprintf(&b, "评分：\n- %s (1)\n参考：%s\n", mark("评分%d", n), mark("参考%d", n))
	case sheet.Hot:
		fmt.Fprintf(&b, "![%s](img/canary.svg) 400×400\n", mark("图%d", n))
		for k, option := range canaryOptions(n) {
			fmt.Fprintf(&b, "%d. %s (%d%%, 50%%)\n  > %s\n", k+1, option, 20*k+10, mark("理由%d-%d", n, k))
		}
	case sheet.Order:
		for k, option := range canaryOptions(n) {
			fmt.Fprintf(&b, "%d. %s\n", k+1, option)
		}
	default:
		for k, option := range canaryOptions(n) {
			right := k == n/4%3 || (kind == sheet.Multiple && k == 3)
			if kind == sheet.TrueFalse {
				right = k == n/4%2
			}
			box := " "
			if right {
				box = "x"
			}
			fmt.Fprintf(&b, "- [%s] %s\n  > %s\n", box, option, mark("理由%d-%d", n, k))
		}
	}
	return b.String()
}

// canaryFigure is the answer to a numeric question.
func canaryFigure(n int) string { return fmt.Sprintf("8642%03d", n) }

// canaryScript is a scenario with a mark in everything. Of the three things to
// say, the first is the best in the scenes 甲 and 乙 and the worst in 丙.
func canaryScript() string {
	var b strings.Builder
	b.WriteString("---\n标题: 暗号\n英文标题: Marks\n角色: 客户=甲先生（着急）\n处境: 电话响了。\n仪表: 情绪=50, " + mark("仪表") +
		"=50\n维度: D1 礼仪形象, D2 倾听提问\n及格: 总分>=90, 情绪>=10, 无红线\n---\n")
	option := func(scene string, k, points int, red bool, to string) {
		fmt.Fprintf(&b, "- %s【情绪 +%d，%s +%d；D1 %d，D2 %d】%s\n", mark("话%s%d", scene, k), 5*k, mark("仪表"), 5*k, points, points, to)
		if red {
			fmt.Fprintf(&b, "  红线：%s\n", mark("红线%s%d", scene, k))
		}
		fmt.Fprintf(&b, "  点评：%s\n  专家：%s\n  依据：S1-044；%s\n", mark("点评%s%d", scene, k), mark("专家%s%d", scene, k), mark("依据%s%d", scene, k))
		fmt.Fprintf(&b, "  客户：%s\n", mark("答%s%d", scene, k))
	}
	b.WriteString("\n## " + mark("幕甲") + "\n旁白：" + mark("旁白甲") + "\n资料：档案一 | " + mark("资料一") + "\n资料：档案二 | " + mark("资料二") + "\n客户：" + mark("词甲") + "\n")
	option("甲", 1, 3, false, "")
	option("甲", 2, 1, false, "")
	option("甲", 3, 0, false, "→ "+mark("幕旁"))
	b.WriteString("\n## " + mark("幕乙") + "\n客户：[选过(" + mark("幕甲") + "#1)] " + mark("词乙一") + "\n客户：[否则] " + mark("词乙二") + "\n资料：档案三 | " + mark("资料三") + "\n")
	option("乙", 1, 3, false, "")
	option("乙", 2, 1, true, "")
	option("乙", 3, 0, false, "")
	b.WriteString("\n## " + mark("幕丙") + "\n客户：" + mark("词丙") + "\n")
	option("丙", 1, 0, true, "→ "+mark("幕坏"))
	option("丙", 2, 3, false, "→ "+mark("幕好"))
	option("丙", 3, 2, false, "→ "+mark("幕好"))
	b.WriteString("\n## " + mark("幕旁") + "（旁支）\n客户：" + mark("词旁") + "\n")
	option("旁", 1, 1, false, "→ "+mark("幕丙"))
	option("旁", 2, 0, false, "→ "+mark("幕丙"))
	b.WriteString("\n## " + mark("幕好") + "（旁支）【结局：" + mark("结局好") + "】\n客户：" + mark("词好") + "\n")
	b.WriteString("\n## " + mark("幕坏") + "（旁支）【结局：" + mark("结局坏") + "】\n客户：" + mark("词坏") + "\n")
	b.WriteString("\n## 试演：" + mark("试演") + "\n选 " + mark("幕甲") + "#1；选 " + mark("幕乙") + "#1；选 " + mark("幕丙") + "#2\n应到 " + mark("幕好") + "；应判 及格\n")
	return b.String()
}

// watch is a town whose content is full of marks, and whoever read which.
type watch struct {
	*town
	read map[string]map[string]string // person → mark → the request that showed it
}

func openWatch(t *testing.T) *watch {
	t.Helper()
	library, problems := academy.LoadLibrary(content.FS, fstest.MapFS{
		"quizzes/" + canaryQuiz + ".md":       {Data: []byte(canaryBank())},
		"quizzes/img/canary.svg":              {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"scenarios/" + canaryScenario + ".md": {Data: []byte(canaryScript())},
	})
	if library == nil {
		t.Fatal(problems.Err())
	}
	s := openSiteWith(t, library)
	w := &watch{town: &town{site: s, visitor: &user{things: map[string]string{}}}}
	w.advisor = s.add(t, s.south, "林晓", "QB-101", people.Advisor)
	w.mate = s.add(t, s.south, "何宁", "QB-102", people.Advisor)
	w.trainer = s.add(t, s.south, "周敏", "QB-103", people.Trainer)
	w.hr = s.add(t, s.south, "吴静", "QB-104", people.HR)
	w.admin = s.add(t, s.south, "郑凯", "QB-105", people.Admin)
	w.stranger = s.add(t, s.north, "孙悦", "QB-201", people.Advisor)
	w.forget()
	s.heard = func(who *user, what string, a answer) {
		if mayKnow(who, what) {
			return
		}
		if w.read[who.ID] == nil {
			w.read[who.ID] = map[string]string{}
		}
		for _, found := range marksIn(fmt.Sprint(a.header) + a.body) {
			w.read[who.ID][found] = what
		}
	}
	return w
}

// mayKnow reports whether a key is somebody's business at an address: that of
// whoever writes scenarios or questions, of whoever coaches, and the questions that
// of whoever looks at how they fare or judges how hard they are.
func mayKnow(who *user, what string) bool {
	_, path, _ := strings.Cut(what, " ")
	writes := (strings.HasPrefix(path, "/trainer/scripts") || strings.HasPrefix(path, "/trainer/banks")) && slices.ContainsFunc(who.Roles, func(r people.Role) bool { return r == people.Trainer || r == people.Admin })
	analyses := strings.HasPrefix(path, "/trainer/items/") &&
		slices.ContainsFunc(who.Roles, func(r people.Role) bool { return r != people.Advisor })
	coaches := (strings.HasPrefix(path, "/trainer/recordings") || strings.HasPrefix(path, "/trainer/marking")) && slices.Contains(who.Roles, people.Trainer)
	return writes || analyses || coaches
}

func (w *watch) forget() { w.read = map[string]map[string]string{} }

// walk has everybody ask every safe route about the advisor's things.
func (w *watch) walk(t *testing.T) {
	t.Helper()
	everybody := append(w.everybody(), w.visitor)
	for _, key := range w.rows(t) {
		if strings.HasPrefix(key, "GET ") {
			for _, who := range everybody {
				w.request(t, who, w.advisor, key, nil)
			}
		}
	}
	for _, path := range []string{
		"/quizzes/" + canaryQuiz, "/rehearse/" + canaryScenario, "/search?q=金丝雀", "/search?q=canaryq", "/search?q=暗号",
		"/attempts/{attempt}/result", "/attempts/{attempt}?said=金丝雀", "/sessions/{session}/debrief",
		"/trainer/people/{person}", "/hr/people/{person}", "/courses/complaint-handling/listen-and-explain",
	} {
		for _, who := range everybody {
			w.get(t, who, w.advisor.fill(path))
			w.send(t, who, http.MethodGet, w.advisor.fill(path), "", map[string]string{"Accept": "application/json", "X-Fragment": "1"})
		}
	}
}

// check holds that the advisor read nothing but what is released by now, and all
// of what must have been shown, and that nobody else read anything at all.
func (w *watch) check(t *testing.T, when string, released, shown []string) {
	t.Helper()
	for id, read := range w.read {
		for found, where := range read {
			switch {
			case id != w.advisor.ID:
				t.Errorf("%s: somebody else read %s at %s", when, found, where)
			case !slices.Contains(released, found):
				t.Errorf("%s: %s shows %s", when, where, found)
			}
		}
	}
	for _, want := range shown {
		if _, ok := w.read[w.advisor.ID][want]; !ok {
			t.Errorf("%s: %s was not shown: the test looks in the wrong places", when, want)
		}
	}
	if found := marksIn(w.log.String()); len(found) > 0 {
		t.Errorf("%s: the log has %s", when, found)
	}
}

// Until an attempt is closed, nothing that tells right from wrong leaves the
// server; afterwards it is shown to whoever took it, and to nobody else.
func TestAQuizKeepsItsKeyToItself(t *testing.T) {
	t.Parallel()
	w := openWatch(t)
	for address := range w.assets.byURL {
		w.get(t, w.visitor, address)
	}
	w.walk(t)
	w.check(t, "before the start", nil, nil)

	attempt := w.post(t, w.advisor, "/quizzes/"+canaryQuiz+"/attempts", nil).location()
	w.advisor.things["{attempt}"] = strings.TrimPrefix(attempt, "/attempts/")
	drawn := drawnFrom(w.get(t, w.advisor, attempt).body)
	if len(drawn) != canaryDrawn {
		t.Fatalf("%d questions were drawn, want %d", len(drawn), canaryDrawn)
	}
	visible, hidden, perhaps := canaryTexts(drawn)
	w.answer(t, attempt)
	w.walk(t)
	w.check(t, "in progress", visible, visible)

	w.forget()
	w.post(t, w.advisor, attempt+"/submit", nil)
	w.get(t, w.advisor, attempt+"/result")
	w.walk(t)
	w.check(t, "after the end", slices.Concat(visible, hidden, perhaps), hidden)
	for _, who := range []*user{w.mate, w.stranger, w.trainer, w.hr, w.admin} {
		if a := w.get(t, who, attempt+"/result"); a.status != http.StatusNotFound {
			t.Errorf("the result of somebody else: status %d", a.status)
		}
	}
}

// Practice explains a question once the answer is on disk, to whoever gave it. Of
// what was not answered it shows no more than a paper would, and of a quiz that
// somebody is taking nothing at all.
func TestPracticeKeepsItsKeyToItself(t *testing.T) {
	t.Parallel()
	w := openWatch(t)
	path := "/practice/" + canaryQuiz
	asked := w.get(t, w.advisor, path)
	drawn := drawnFrom(asked.body)
	if len(drawn) != 1 {
		t.Fatalf("%d questions on one screen", len(drawn))
	}
	visible, hidden, perhaps := canaryTexts(drawn)
	id := regexp.MustCompile(`name="ask" value="([^"]+)"`).FindStringSubmatch(asked.body)[1]
	review := path + "/reviews/" + id
	w.advisor.things["{asked}"], w.advisor.things["{explained}"] = id, id
	answers := func(form url.Values) answer { return w.post(t, w.advisor, path+"/answers", form) }
	if a := answers(url.Values{"ask": {id}, "set": {"0"}, "do": {"answer"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing was answered: status %d", a.status)
	}
	answers(url.Values{"ask": {id}, "set": {"0"}, "do": {"answer"}, "q.0.choice": slices.Repeat([]string{"none"}, 60)})
	w.post(t, w.stranger, path+"/answers", url.Values{"ask": {id}, "set": {"0"}, "do": {"forgot"}})
	w.get(t, w.advisor, review)
	w.walk(t)
	w.check(t, "before the answer", visible, visible)

	w.forget()
	if a := answers(url.Values{"ask": {id}, "set": {"0"}, "do": {"forgot"}}); a.location() != review {
		t.Fatalf("the answer led to %s", a.location())
	}
	w.get(t, w.advisor, review)
	for _, who := range []*user{w.mate, w.stranger, w.trainer, w.hr, w.admin} {
		if a := w.get(t, who, review); a.status != http.StatusNotFound {
			t.Errorf("the explanation given to somebody else: status %d", a.status)
		}
	}
	w.walk(t)
	w.check(t, "after the answer", slices.Concat(visible, hidden, perhaps), hidden)

	page := w.get(t, w.advisor, path) // left open, with the next question
	w.forget()
	next := regexp.MustCompile(`name="ask" value="([^"]+)"`).FindStringSubmatch(page.body)[1]
	w.post(t, w.advisor, "/quizzes/"+canaryQuiz+"/attempts", nil)
	if a := answers(url.Values{"ask": {next}, "set": {"0"}, "do": {"forgot"}}); a.status != http.StatusConflict {
		t.Errorf("practised during an attempt: status %d", a.status)
	}
	for _, at := range []string{path, review, path + "/reviews/" + next, "/practice", "/practice?set=1"} {
		w.get(t, w.advisor, at)
	}
	w.check(t, "during an attempt", nil, nil)
}

// canaryTexts are what a paper shows of questions, what is shown for certain once
// they are explained, and what may be shown then, depending on the answer.
func canaryTexts(questions []int) (visible, hidden, perhaps []string) {
	for _, n := range questions {
		kind := canaryKind(n)
		visible = append(visible, mark("题%d", n), mark("题干%d", n))
		hidden = append(hidden, mark("解析%d", n))
		perhaps = append(perhaps, mark("说对%d", n), mark("说半%d", n), mark("说错%d", n))
		if kind != sheet.TrueFalse {
			visible = append(visible, canaryOptions(n)...)
		}
		switch kind {
		case sheet.Match:
			visible = append(visible, mark("左%d-0", n), mark("左%d-1", n), mark("左%d-2", n))
		case sheet.Fill:
			hidden, perhaps = append(hidden, mark("填%d", n)), append(perhaps, mark("填因%d", n))
		case sheet.Numeric:
			hidden, perhaps = append(hidden, canaryFigure(n)), append(perhaps, mark("数因%d", n))
		case sheet.Text:
			hidden = append(hidden, mark("评分%d", n), mark("参考%d", n))
		case sheet.Hot:
			visible = append(visible, mark("图%d", n))
		}
		if chooses(kind) || kind == sheet.Hot {
			for k := range canaryOptions(n) {
				hidden = append(hidden, mark("理由%d-%d", n, k))
			}
		}
		if inCanaryCase(n) {
			visible = append(visible, mark("情境"), mark("情境里"))
		}
	}
	return visible, hidden, perhaps
}

// drawnFrom lists the questions on a page by their number in the file.
func drawnFrom(body string) (numbers []int) {
	for n := range canaryQuestions {
		if strings.Contains(body, mark("题%d", n)) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// answer answers question after question, as the script does and as a browser
// without scripts does, and looks at what comes back.
func (w *watch) answer(t *testing.T, attempt string) {
	t.Helper()
	open, err := w.academy.Attempt(t.Context(), w.actor(t, w.advisor), strings.TrimPrefix(attempt, "/attempts/"))
	if err != nil {
		t.Fatal(err)
	}
	for seq := 1; seq <= 3; seq++ { // an answer, a change of mind, an older one that comes late
		for i, item := range open.Sheet.Items {
			given := someAnswer(item, i+seq)
			body, err := json.Marshal(map[string]any{"seq": 1 + seq%3, "answer": given})
			if err != nil {
				t.Fatal(err)
			}
			path := attempt + "/answers/" + strconv.Itoa(item.Slot)
			a := w.send(t, w.advisor, http.MethodPut, path, string(body), map[string]string{"Content-Type": "application/json", "Accept": "application/json"})
			if a.status != http.StatusOK {
				t.Fatalf("save: %d %s", a.status, a.body)
			}
			for _, who := range []*user{w.mate, w.stranger, w.trainer, w.visitor} {
				w.send(t, who, http.MethodPut, path, string(body), map[string]string{"Content-Type": "application/json", "Accept": "application/json"})
			}
			form := plainForm(item, given)
			w.post(t, w.advisor, attempt+"/answers", form)
			w.post(t, w.mate, attempt+"/answers", form)
			w.send(t, w.advisor, http.MethodPut, path, `{"seq":9,"answer":["none"]}`, map[string]string{"Content-Type": "application/json", "Accept": "application/json"})
		}
		w.sameLooks(t, w.get(t, w.advisor, attempt))
		w.get(t, w.advisor, attempt+"/result")
	}
	w.post(t, w.advisor, attempt+"/answers", url.Values{"do": {"submit"}, "q.0.slot": {"1"}, "q.0.seq": {"9"}}) // asks about what is missing
}

// someAnswer is an answer that fits a question, another one for every n.
func someAnswer(item sheet.Item, n int) sheet.Answer {
	var tokens sheet.Answer
	for _, o := range item.Options {
		tokens = append(tokens, o.Token)
	}
	switch item.Kind {
	case sheet.Order, sheet.Hot:
		return tokens
	case sheet.Match:
		return sheet.Answer{tokens[n%4], "", tokens[(n+1)%4]}
	case sheet.Numeric:
		return sheet.Answer{strconv.Itoa(n), item.Units[0]}
	case sheet.Fill, sheet.Text:
		return sheet.Answer{"第" + strconv.Itoa(n)}
	}
	return tokens[n%len(tokens):][:1]
}

// plainForm is an answer as a browser without scripts sends it.
func plainForm(item sheet.Item, given sheet.Answer) url.Values {
	form := url.Values{"q.0.slot": {strconv.Itoa(item.Slot)}, "q.0.seq": {"1"}, "do": {"save"}}
	var places []string
	for i := range given {
		places = append(places, strconv.Itoa(i+1))
	}
	switch item.Kind {
	case sheet.Order:
		form["q.0.token"], form["q.0.place"] = given, places
	case sheet.Hot:
		form["q.0.token"], form["q.0.tap"] = given, places
	case sheet.Match:
		form["q.0.row"] = given
	case sheet.Numeric:
		form["q.0.entry"], form["q.0.units"], form["q.0.unit"] = given[:1], []string{"true"}, given[1:]
	case sheet.Fill, sheet.Text:
		form["q.0.entry"] = given
	default:
		form["q.0.choice"] = given
	}
	return form
}

// tokens are what differs between two options that look the same.
var tokens = regexp.MustCompile(`(value|data-token|id|for|aria-label)="[^"]*"| checked=""| selected=""|<kbd.*?</kbd>|<b>[A-Z]</b>|金丝雀[^号]*号|<span[^>]*>\s*[对错]\s*</span>`)

// sameLooks holds that nothing in the markup of an open paper sets one option of
// a question apart from the others, and that no source or review stands in it.
func (w *watch) sameLooks(t *testing.T, a answer) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("open attempt: %d", a.status)
	}
	for _, telling := range []string{"/sources/", "S4-093", "first-line", "#first"} {
		if strings.Contains(a.body, telling) {
			t.Errorf("the open paper has %s", telling)
		}
	}
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	questions := 0
	for n := range elements(root) {
		if attr(n, "data-slot") == "" {
			continue
		}
		questions++
		looks := map[string]bool{}
		for o := range elements(n) {
			paired := attr(n, "data-kind") == sheet.Match && o.Data == "option" && attr(o, "value") != ""
			if attr(o, "class") == "option" || has(o, "data-token") || paired {
				var markup strings.Builder
				if err := html.Render(&markup, o); err != nil {
					t.Fatal(err)
				}
				looks[tokens.ReplaceAllString(markup.String(), "")] = true
			}
		}
		if kind := attr(n, "data-kind"); kind == sheet.Fill || kind == sheet.Numeric || kind == sheet.Text {
			continue // no options
		}
		if len(looks) != 1 {
			t.Errorf("the options of question %s look in %d different ways: %q", attr(n, "data-slot"), len(looks), slices.Collect(maps.Keys(looks)))
		}
	}
	if questions != canaryDrawn {
		t.Errorf("%d questions on the paper, want %d", questions, canaryDrawn)
	}
}

// Where an option stands says nothing about it. Over twenty papers, the options of
// a question hardly ever come as they stand in the file, and the option that is
// first there comes at every place. (对 and 错 always stand in that order.)
func TestOptionsStandInNoTellingOrder(t *testing.T) {
	t.Parallel()
	w := openWatch(t)
	sets, shuffled, asWritten := map[string]bool{}, 0, 0
	var places [4]int
	for i := range 20 {
		u := w.add(t, w.south, "学员", "QB-3"+strconv.Itoa(i), people.Advisor)
		body := w.get(t, u, w.post(t, u, "/quizzes/"+canaryQuiz+"/attempts", nil).location()).body
		drawn := drawnFrom(body)
		sets[fmt.Sprint(drawn)] = true
		for _, n := range drawn {
			if kind := canaryKind(n); kind != sheet.Single && kind != sheet.Multiple && kind != sheet.Order {
				continue
			}
			order := inOrder(body, canaryOptions(n))
			shuffled++
			places[slices.Index(order, 0)]++
			if slices.IsSorted(order) {
				asWritten++
			}
		}
	}
	if len(sets) < 5 {
		t.Errorf("twenty papers with only %d different sets of questions", len(sets))
	}
	if asWritten > shuffled/5 { // by chance one in 24
		t.Errorf("%d of %d questions came as they stand in the file", asWritten, shuffled)
	}
	for place, n := range places {
		if n < shuffled/20 { // by chance a quarter
			t.Errorf("of %d questions, %d had their first option at place %d", shuffled, n, place+1)
		}
	}
}

// inOrder lists texts by where they stand first in body.
func inOrder(body string, texts []string) []int {
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Index(body, texts[a]) - strings.Index(body, texts[b]) })
	return order
}

// A rehearsal shows what was said and what can be said next. What another answer
// would have brought, how it is scored and what an expert thinks stays inside
// until the end, and then comes to whoever played it.
func TestARehearsalKeepsItsScriptToItself(t *testing.T) {
	t.Parallel()
	w := openWatch(t)
	w.walk(t)
	w.check(t, "before the start", nil, nil)

	session := strings.TrimSuffix(w.post(t, w.advisor, "/rehearse/"+canaryScenario+"/sessions", url.Values{"mode": {"exam"}}).location(), "#now")
	w.advisor.things["{session}"] = strings.TrimPrefix(session, "/sessions/")
	w.advisor.things["{played}"] = w.advisor.things["{session}"]

	released := marks("旁白甲", "词甲", "话甲1", "话甲2", "话甲3")
	for _, step := range []struct {
		do, name string   // what to press on, by its words
		brings   []string // what that shows
	}{
		{"", "", nil},
		{"documents", "档案一", marks("资料一")},
		{"choices", mark("话甲1"), marks("答甲1", "词乙一", "话乙1", "话乙2", "话乙3")},
		{"choices", mark("话乙2"), marks("答乙2", "词丙", "话丙1", "话丙2", "话丙3")},
		{"choices", mark("话丙1"), marks("答丙1", "词坏", "结局坏")},
	} {
		if step.do != "" {
			w.press(t, session, step.do, step.name)
		}
		released = append(released, step.brings...)
		ended := strings.HasPrefix(step.name, mark("话丙1"))
		if ended {
			break // the debrief is open from here on
		}
		w.walk(t)
		w.check(t, "after "+step.name, released, released)
	}

	w.forget()
	w.get(t, w.advisor, session)
	w.walk(t)
	w.check(t, "sealed", slices.Concat(released, marks("答丙1", "词坏", "结局坏", "仪表")), marks("词坏", "结局坏"))

	w.forget()
	w.post(t, w.advisor, session+"/intent", url.Values{"do": {"decline"}})
	w.get(t, w.advisor, session)
	w.get(t, w.advisor, session+"/debrief")
	w.walk(t)
	told := marks(
		"答丙1", "词坏", "结局坏",
		"红线乙2", "点评乙2", "依据乙2", "专家乙1", "依据乙1", // what was said, and what an expert sees in the best
		"红线丙1", "点评丙1", "依据丙1", "专家丙2", "依据丙2",
		"资料二", "资料三", // left unread
	)
	// The best answers are known from the talk; scenes may be named by now, and
	// what an expert sees in what was said.
	may := slices.Concat(released, told, marks("幕甲", "幕乙", "幕丙", "幕坏", "仪表", "专家甲1", "专家乙2", "专家丙1"))
	w.check(t, "after the end", may, marks("红线乙2", "点评乙2", "专家乙1", "红线丙1", "点评丙1", "专家丙2", "资料二", "资料三", "结局坏"))
	for _, who := range []*user{w.mate, w.stranger, w.trainer, w.hr, w.admin} {
		if a := w.get(t, who, session+"/debrief"); a.status != http.StatusNotFound {
			t.Errorf("the debrief of somebody else: status %d", a.status)
		}
	}
}

// Practice explains what was said, and nothing of what was not.
func TestPracticeTellsOnlyOfWhatWasSaid(t *testing.T) {
	t.Parallel()
	w := openWatch(t)
	session := strings.TrimSuffix(w.post(t, w.advisor, "/rehearse/"+canaryScenario+"/sessions", url.Values{"mode": {"practice"}}).location(), "#now")
	w.advisor.things["{session}"] = strings.TrimPrefix(session, "/sessions/")
	released := marks("旁白甲", "词甲", "话甲1", "话甲2", "话甲3")
	for _, step := range []struct {
		name   string
		brings []string
	}{
		{"", nil},
		{mark("话甲2"), marks("答甲2", "词乙二", "话乙1", "话乙2", "话乙3", "点评甲2", "专家甲2", "依据甲2")},
		{mark("话乙2"), marks("答乙2", "词丙", "话丙1", "话丙2", "话丙3", "红线乙2", "点评乙2", "专家乙2", "依据乙2")},
	} {
		if step.name != "" {
			w.press(t, session, "choices", step.name)
		}
		released = append(released, step.brings...)
		w.walk(t)
		w.check(t, "after "+step.name, released, released)
	}
}

func marks(names ...string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = mark("%s", n)
	}
	return list
}

// press presses on what stands on the page under a name, as a browser without
// scripts does, after others tried the same and it was tried with nonsense.
func (w *watch) press(t *testing.T, session, do, name string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(w.get(t, w.advisor, session).body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range elements(root) {
		form := within(n, "form")
		if n.Data != "button" || attr(n, "name") != "token" || !strings.Contains(text(n), name) || !strings.HasSuffix(attr(form, "action"), do) {
			continue
		}
		values := url.Values{"token": {attr(n, "value")}}
		for field := range elements(form) {
			if attr(field, "type") == "hidden" {
				values.Set(attr(field, "name"), attr(field, "value"))
			}
		}
		for _, who := range []*user{w.mate, w.stranger, w.trainer, w.visitor} {
			w.post(t, who, session+"/"+do, values)
		}
		for _, wrong := range []url.Values{{"token": {"none"}, "step": values["step"]}, {"token": values["token"], "step": {"99"}}, {"token": values["token"], "step": {"-1"}}} {
			w.send(t, w.advisor, http.MethodPost, session+"/"+do, wrong.Encode(), map[string]string{"X-Fragment": "1"})
		}
		if a := w.post(t, w.advisor, session+"/"+do, values); a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", name, a.status)
		}
		w.send(t, w.advisor, http.MethodPost, session+"/"+do, values.Encode(), map[string]string{"X-Fragment": "1"}) // again, as the script
		return
	}
	t.Fatalf("nothing called %s to press on", name)
}
