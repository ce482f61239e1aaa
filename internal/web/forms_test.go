package web

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"qibu/internal/academy"
	"qibu/internal/cert"
	"qibu/internal/i18n"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/web/page"
)

// forms are the deeds that send a form, with the form filled in.
func (w *town) forms(t *testing.T) map[string]url.Values {
	t.Helper()
	all := map[string]url.Values{}
	for _, d := range w.deeds(t) {
		body := d.whose.fill(strings.ReplaceAll(matrix[d.key].body, "{by}", d.who.things["{role}"]))
		if body == "" || strings.HasPrefix(body, "{") {
			continue
		}
		values, err := url.ParseQuery(body)
		if err != nil {
			t.Fatalf("%s: %v", d.key, err)
		}
		all[d.key] = values
	}
	return all
}

// sendForm sends a form of a deed as it is given.
func (w *town) sendForm(t *testing.T, d deed, body string, header map[string]string) answer {
	t.Helper()
	method, _, _ := strings.Cut(d.key, " ")
	path := d.whose.fill(strings.ReplaceAll(matrix[d.key].path, "{by}", d.who.things["{role}"]))
	return w.send(t, d.who, method, path, body, header)
}

// misfits are forms that nobody's page sends, made from one that some page does.
func misfits(good url.Values) map[string]string {
	bad := map[string]string{
		"nothing":            "",
		"bad escapes":        strings.ReplaceAll(good.Encode(), "=", "=%zz%") + "&%=%",
		"open bracket":       good.Encode() + "&a%5Bb=1&%5D=2&%5B%5D=3",
		"far index":          good.Encode() + "&q.99999999.slot=1&i.99999999.item=O1&q%5B99999999%5D%5Bslot%5D=1",
		"negative index":     good.Encode() + "&q.-1.slot=1&i.-1.item=O1&q.x.slot=1",
		"deep name":          good.Encode() + "&" + strings.Repeat("a.", 500) + "=1",
		"only separators":    "&&&&=&=&;",
		"no UTF-8":           strings.ReplaceAll(good.Encode(), "=", "=%ff%fe"),
		"NUL":                strings.ReplaceAll(good.Encode(), "=", "=%00"),
		"every field twice":  good.Encode() + "&" + good.Encode(),
		"numbers as words":   strings.ReplaceAll(good.Encode(), "=", "=abc"),
		"numbers too large":  strings.ReplaceAll(good.Encode(), "=", "=99999999999999999999"),
		"fields as lists":    strings.ReplaceAll(good.Encode(), "=", "%5B%5D="),
		"fields as objects":  strings.ReplaceAll(good.Encode(), "=", ".x="),
		"right-to-left text": strings.ReplaceAll(good.Encode(), "=", "=%E2%80%AE"),
		"spaces only":        regexp.MustCompile(`=[^&]*`).ReplaceAllString(good.Encode(), "=+++"),
	}
	for name := range good {
		long := maps.Clone(good)
		long[name] = []string{strings.Repeat("长", 1500)}
		bad["long "+name] = long.Encode()
		missing := maps.Clone(good)
		delete(missing, name)
		bad["without "+name] = missing.Encode()
	}
	return bad
}

// Whatever is sent as a form, it is answered with a page that says what to do, in
// Chinese, and never with an error of ours or the words of a library.
func TestMisshapenFormsAreAnsweredInWords(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	forms := w.forms(t)
	refused := 0
	for _, d := range w.deeds(t) {
		good, ok := forms[d.key]
		if !ok {
			continue
		}
		for how, body := range misfits(good) {
			label := d.key + ", " + how
			for _, accept := range []string{"text/html", "application/json"} {
				a := w.sendForm(t, d, body, map[string]string{"Accept": accept})
				if verdictOf(d.who, a) == out {
					w.login(t, d.who)
				}
				if a.status >= 500 || a.status == http.StatusForbidden || a.status == http.StatusUnauthorized {
					t.Errorf("%s: status %d for %.200s", label, a.status, body)
				}
				if a.status == http.StatusUnprocessableEntity {
					refused++
					plainWords(t, label, a)
				}
			}
		}
	}
	if refused < 100 {
		t.Errorf("only %d forms were refused", refused)
	}
	if log := w.log.String(); strings.Contains(log, "panic") {
		t.Errorf("something panicked: %.2000s", log)
	}
}

// foreign is what a person must not read in a message: Latin words and the ways
// in which libraries complain. UTF-8 is what editors call it, in Chinese too.
var foreign = regexp.MustCompile(`[A-Za-z_]{3,}|Key:|\[\d+\]|⟦`)

// plainWords holds that the messages of a refused form are Chinese sentences.
func plainWords(t *testing.T, label string, a answer) {
	t.Helper()
	var messages []string
	if strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		var said struct {
			Message string
			Fields  []struct{ Name, Message string }
		}
		if err := json.Unmarshal([]byte(a.body), &said); err != nil {
			t.Errorf("%s: %v in %s", label, err, a.body)
			return
		}
		messages = append(messages, said.Message)
		for _, f := range said.Fields {
			messages = append(messages, f.Message)
		}
	} else {
		root, err := html.Parse(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range elements(root) {
			class := strings.Fields(attr(n, "class"))
			if slices.Contains(class, "field-error") || slices.Contains(class, "form-error") || (n.Data == "p" && n.Parent != nil && attr(n.Parent, "class") == "problem" && attr(n, "class") == "") {
				messages = append(messages, strings.TrimSpace(text(n)))
			}
		}
	}
	if len(messages) == 0 {
		t.Errorf("%s: the page says nothing about what is wrong", label)
	}
	for _, m := range messages {
		if found := foreign.FindString(strings.ReplaceAll(m, "UTF-8", "")); m == "" || found != "" || !chinese.MatchString(m) {
			t.Errorf("%s: the message %q is not for people (%s)", label, m, found)
		}
	}
}

// What is no form of ours is refused before it is looked at.
func TestFormsOfTheWrongKindAreRefused(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	forms := w.forms(t)
	limits := map[string]int{}
	for _, r := range w.routes {
		limits[r.Method+" "+r.Path] = max(r.MaxBody, page.DefaultMaxBody)
		if r.MaxBody > 0 {
			limits[r.Method+" "+r.Path] = r.MaxBody
		}
	}
	before := w.fingerprint(t)
	for _, d := range w.deeds(t) {
		good, isForm := forms[d.key]
		if !isForm {
			continue
		}
		small := limits[d.key] < 10_000 // too small for many fields
		for kind, want := range map[string]int{"text/plain": 422, "application/json": 422, "application/xml": 422, "": 422} {
			if a := w.sendForm(t, d, good.Encode(), map[string]string{"Content-Type": kind}); a.status != want {
				t.Errorf("%s as %q: status %d, want %d", d.key, kind, a.status, want)
			}
		}
		boundary := "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--x--\r\n"
		if a := w.sendForm(t, d, boundary, map[string]string{"Content-Type": "multipart/form-data; boundary=x"}); a.status != 422 {
			t.Errorf("%s as multipart: status %d", d.key, a.status)
		}
		if a := w.sendForm(t, d, strings.Repeat("a=1&", 3000)+good.Encode(), nil); a.status != 413 && !small {
			t.Errorf("%s with 3,000 fields: status %d, want 413", d.key, a.status)
		}
		if a := w.sendForm(t, d, good.Encode()+"&x="+strings.Repeat("x", limits[d.key]), nil); a.status != 413 {
			t.Errorf("%s with more than %d bytes: status %d, want 413", d.key, limits[d.key], a.status)
		}
	}
	if w.fingerprint(t) != before {
		t.Error("a refused form changed something")
	}
}

// What was typed is still there when a form comes back, passwords excepted.
func TestRefusedFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	const typed = "很长的一句话"
	cases := []struct {
		who  *user
		path string
		form url.Values
		keep []string
	}{
		{w.admin, "/admin/people", url.Values{"name": {typed}, "staff_no": {"QB-7"}, "account": {"zhao"}, "post": {"前台"}, "store": {w.north.ID}, "roles": {"trainer"}, "time_factor": {"150"}, "password": {"short"}}, []string{typed, "QB-7", "zhao", "前台", "150"}},
		{w.admin, "/admin/people", url.Values{"name": {typed}, "staff_no": {"QB-7"}, "account": {"zhao"}, "time_factor": {"abc"}, "store": {w.north.ID}, "password": {"long enough"}}, []string{typed, "QB-7", "zhao"}},
		{w.admin, "/admin/stores", url.Values{"name": {w.south.Name}}, []string{w.south.Name}},
		{w.hr, "/hr/people/" + w.mate.ID + "/certifications/" + w.mate.things["{certification}"] + "/revoke", url.Values{"reason": {strings.Repeat("由", 501)}}, []string{strings.Repeat("由", 501)}},
		{w.visitor, "/login", url.Values{"account": {typed}, "password": {"not it"}, "next": {"/learn"}}, []string{typed, "/learn"}},
		{w.trainer, "/trainer/observe/" + w.mate.ID, url.Values{"key": {"k"}, "i.0.item": {"O1"}, "i.0.outcome": {"passed"}, "i.0.note": {typed + strings.Repeat("记", 300)}}, []string{typed}},
		{w.trainer, "/trainer/people/" + w.mate.ID + "/unlock", url.Values{"quiz": {failedQuiz}, "reason": {typed + strings.Repeat("由", 500)}}, []string{typed}},
		{w.trainer, "/trainer/scripts/new", url.Values{"slug": {"RP 21"}}, []string{"RP 21"}},
		{w.trainer, "/trainer/scripts/" + draftScenario, url.Values{"source": {typed}, "version": {"-1"}}, []string{typed}},
		{w.trainer, "/trainer/assign", url.Values{"key": {"k"}, "items": {"quiz:" + openQuiz}, "staff_nos": {"QB-101 QB-99999"}, "due": {"2026-05-01"}}, []string{"QB-101 QB-99999", "2026-05-01"}},
	}
	for _, c := range cases {
		a := w.post(t, c.who, c.path, c.form)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d, want 422", c.path, a.status)
		}
		root, err := html.Parse(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		var kept strings.Builder
		for n := range elements(root) {
			switch n.Data {
			case "input":
				kept.WriteString(attr(n, "value") + "\n")
			case "textarea":
				kept.WriteString(text(n) + "\n")
			}
		}
		for _, want := range c.keep {
			if !strings.Contains(kept.String(), want) {
				t.Errorf("%s: %.30s was typed and is gone", c.path, want)
			}
		}
		if secret := c.form.Get("password"); secret != "" && strings.Contains(a.body, secret) {
			t.Errorf("%s: the page shows the password", c.path)
		}
	}
}

// A form sets what its page offers and nothing else, whatever it is called.
func TestFormsSetOnlyTheirOwnFields(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	more := url.Values{
		"id": {"0"}, "ID": {"0"}, "person": {w.stranger.ID}, "person_id": {w.stranger.ID}, "PersonID": {w.stranger.ID},
		"observer": {w.hr.ID}, "ObserverID": {w.hr.ID}, "by": {w.hr.ID}, "actor_id": {w.hr.ID}, "LeftAt": {"1"}, "left_at": {"1"},
		"MustRenewPW": {"false"}, "must_change_password": {"false"}, "password_hash": {"x"}, "TimeFactor": {"999"}, "StoreID": {w.north.ID},
		"store_id": {w.north.ID}, "Language": {"en"}, "created_at": {"1"}, "percent": {"100"}, "passed": {"true"}, "Passed": {"true"},
		"points": {"99"}, "state": {"submitted"}, "red_line": {"false"}, "at": {"0"}, "now": {"0"}, "deadline": {"9999999999999"},
	}
	with := func(form url.Values) url.Values {
		full := maps.Clone(more)
		maps.Copy(full, form)
		return full
	}
	var mate people.Person
	w.write(t, func(tx *store.Tx) (err error) { mate, err = tx.Person(w.mate.ID); return err })

	w.post(t, w.mate, "/language", with(url.Values{"language": {"en"}, "roles": {"admin"}, "name": {"别人"}, "store": {w.north.ID}}))
	mate.Language = "en"
	w.is(t, mate)

	w.post(t, w.admin, "/admin/people/"+mate.ID, with(url.Values{
		"name": {"何宁宁"}, "staff_no": {mate.StaffNo}, "account": {mate.Account}, "store": {mate.StoreID}, "post": {mate.Post},
		"roles": {"advisor"}, "time_factor": {"150"},
	}))
	mate.Name, mate.TimeFactor = "何宁宁", 150
	w.is(t, mate)

	a := w.post(t, w.admin, "/admin/people", with(url.Values{
		"name": {"钱进"}, "staff_no": {"QB-900"}, "account": {"qian"}, "store": {w.south.ID}, "roles": {"advisor"},
		"time_factor": {"100"}, "password": {"long enough"},
	}))
	if a.status != http.StatusSeeOther {
		t.Fatalf("add a person: %d", a.status)
	}
	w.write(t, func(tx *store.Tx) error {
		list, _, err := tx.Persons(store.PersonFilter{Text: "QB-900", Limit: 1})
		if err != nil || len(list) != 1 {
			t.Fatalf("added %v: %v", list, err)
		}
		got := list[0]
		if got.ID == "0" || got.Language != "zh" || !got.MustRenewPW || got.Left() || got.TimeFactor != 100 || got.StoreID != w.south.ID {
			t.Errorf("a new person is %+v", got)
		}
		return nil
	})

	w.post(t, w.advisor, "/attempts/"+w.advisor.things["{attempt}"]+"/submit", with(nil))
	result, err := w.academy.Result(t.Context(), w.actor(t, w.advisor), w.advisor.things["{attempt}"])
	if err != nil || result.Percent != 0 || result.Passed {
		t.Errorf("an empty paper handed in with percent=100: %d%%, passed %v, %v", result.Percent, result.Passed, err)
	}

	w.login(t, w.mate) // the admin's change ended nothing, but the language did change
	w.post(t, w.trainer, "/trainer/observe/"+w.mate.ID, with(url.Values{"key": {"k"}, "i.0.item": {"O6"}, "i.0.outcome": {"not_yet"}, "i.0.note": {""}}))
	w.write(t, func(tx *store.Tx) error {
		seen, err := tx.LatestObservations(w.mate.ID)
		if err != nil || seen["O6"].ObserverID != w.trainer.ID || seen["O6"].Result != store.ObservationNotYet {
			t.Errorf("the observation is %+v: %v", seen["O6"], err)
		}
		return nil
	})
}

// is holds that a person is stored as given.
func (w *town) is(t *testing.T, want people.Person) {
	t.Helper()
	w.write(t, func(tx *store.Tx) error {
		got, err := tx.Person(want.ID)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nwant %+v: %v", got, want, err)
		}
		return nil
	})
}

// payloads break out of text, of attributes, of addresses and of scripts, if
// anything does. Each would leave an element or an attribute called xss behind.
var payloads = []string{
	`<xss>`, `<script>xss</script>`, `<img src=x onerror=xss>`, `"><xss>`, `'><xss>`, `" xss="`, `' xss='`, `" onmouseover="xss`,
	`</title><xss>`, `</textarea><xss>`, `</script><xss>`, `<!--><xss>`, `&lt;xss&gt;`, `&#60;xss&#62;`, "<\x00xss>", "`><xss>",
	`javascript:xss`, `<a href="javascript:xss">x</a>`, `<svg onload=xss>`, `<xss`, `]]><xss>`, `{{xss}}`, `＜xss＞`, "\u2028<xss>",
}

// Text that people write is shown as text: on every page, to everybody.
func TestWhatPeopleWriteIsShownAsText(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	var victims []*user
	for i, payload := range payloads {
		w.addStore(t, payload+" 店")
		u := w.add(t, w.south, payload, payload+strconv.Itoa(i), people.Advisor)
		w.live(t, u)
		victims = append(victims, u)
		w.write(t, func(tx *store.Tx) error {
			u.Post = payload
			if err := tx.SavePerson(u.Person); err != nil {
				return err
			}
			return tx.Audit(store.AuditEntry{ActorID: u.ID, Actor: payload, Action: "set_up", Subject: payload, Detail: payload})
		})
		w.mustSign(t, u, payload)
		if err := w.academy.UnlockRetake(t.Context(), w.actor(t, w.trainer), u.ID, failedQuiz, payload); err != nil {
			t.Fatal(err)
		}
		if err := w.academy.RevokeCertification(t.Context(), w.actor(t, w.hr), u.ID, u.things["{certification}"], payload); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.academy.SignIn(t.Context(), u.Account, password, payload); err != nil {
			t.Fatal(err)
		}
	}
	shown := map[string]int{}
	for _, v := range w.visits(t) {
		w.harmless(t, v, payloads, shown)
	}
	for i, u := range victims {
		q := url.QueryEscape(payloads[i])
		for _, v := range []visit{
			{u, "/learn"}, {u, "/me"}, {u, "/certificates"}, {u, "/certificates/" + u.things["{certificate}"]}, {u, "/search?q=" + q},
			{w.visitor, "/login?next=" + q}, {w.visitor, "/verify?number=" + q}, {w.visitor, "/verify/" + u.things["{certificate}"]},
			{w.trainer, "/trainer?q=" + q}, {w.trainer, "/trainer/people/" + u.ID}, {w.trainer, "/trainer/observe/" + u.ID},
			{w.trainer, "/trainer/assign?person=" + u.ID + "&q=" + q}, {w.hr, "/hr?q=" + q + "&store=" + q + "&state=" + q}, {w.hr, "/hr/people/" + u.ID},
			{w.hr, "/hr/people/" + u.ID + "/certifications/" + u.things["{certification}"] + "/revoke"},
			{w.admin, "/admin/people?q=" + q + "&store=" + q}, {w.admin, "/admin/people/" + u.ID},
			{w.visitor, "/" + url.PathEscape(payloads[i])}, {u, "/learn?said=" + q},
		} {
			w.harmless(t, v, payloads, shown)
		}
		a := w.post(t, w.visitor, "/verify/"+u.things["{certificate}"], url.Values{"code": {u.StaffNo}})
		w.harmlessAnswer(t, "the holder's name in full", a, payloads, shown)
	}
	for _, payload := range payloads {
		if shown[payload] < 10 {
			t.Errorf("%q was seen on %d pages only: the test looks in the wrong places", payload, shown[payload])
		}
	}
}

// mustSign has the trainer note a payload at an observation.
func (w *town) mustSign(t *testing.T, u *user, note string) {
	t.Helper()
	err := w.academy.SignObservation(t.Context(), w.actor(t, w.trainer), u.ID, "k", []academy.Signature{{Item: "O5", Outcome: cert.NotYet, Note: note}})
	if err != nil {
		t.Fatal(err)
	}
}

// harmless fetches a page and holds that nothing on it is called xss or runs.
func (w *town) harmless(t *testing.T, v visit, payloads []string, shown map[string]int) {
	t.Helper()
	w.harmlessAnswer(t, v.path, w.get(t, v.who, v.path), payloads, shown)
}

func (w *town) harmlessAnswer(t *testing.T, path string, a answer, payloads []string, shown map[string]int) {
	t.Helper()
	if a.status >= 500 {
		t.Errorf("%s: status %d", path, a.status)
	}
	for header := range a.header {
		if strings.Contains(strings.ToLower(header), "xss") {
			t.Errorf("%s: a header %s", path, header)
		}
	}
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	seen := text(root)
	for n := range elements(root) {
		if strings.Contains(n.Data, "xss") {
			t.Errorf("%s: an element <%s>", path, n.Data)
		}
		for _, at := range n.Attr {
			seen += "\n" + at.Val
			if strings.Contains(at.Key, "xss") || strings.HasPrefix(at.Key, "on") || (at.Key != "value" && strings.HasPrefix(strings.TrimSpace(at.Val), "javascript:")) {
				t.Errorf("%s: an attribute %s=%q of <%s>", path, at.Key, at.Val, n.Data)
			}
		}
	}
	for _, payload := range payloads {
		if strings.Contains(seen, strings.ReplaceAll(payload, "\x00", "")) || strings.Contains(seen, strings.ReplaceAll(payload, "\x00", "\ufffd")) {
			shown[payload]++
		}
	}
}

// Every input that can be refused has a name in both languages to be called by.
func TestInputsHaveNamesInBothLanguages(t *testing.T) {
	t.Parallel()
	inputs := 0
	for _, tag := range formTags(t) {
		inputs++
		label := tag.Get("label")
		if label == "" {
			continue
		}
		for _, lang := range i18n.Languages {
			if said := i18n.For(lang).T(label); strings.Contains(said, "⟦") {
				t.Errorf("the label %s of the input %q is not in the catalogue (%s)", label, tag.Get("form"), lang)
			}
		}
	}
	if inputs < 25 {
		t.Errorf("found only %d inputs", inputs)
	}
}

// formTags are the tags of every field of every form in the page packages.
func formTags(t *testing.T) []reflect.StructTag {
	t.Helper()
	var tags []reflect.StructTag
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			text, err := strconv.Unquote(field.Tag.Value)
			if err != nil {
				t.Fatal(err)
			}
			if tag := reflect.StructTag(text); tag.Get("form") != "" || tag.Get("validate") != "" {
				tags = append(tags, tag)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tags
}
