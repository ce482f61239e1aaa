package academy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qibu/content"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz/sheet"
)

// bankAt reads a bank as the trainer sees it.
func (w *authors) bankAt(slug string) BankText {
	w.t.Helper()
	b, err := w.BankAt(w.t.Context(), w.zhou, slug, FromDraft)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// rewritten saves the text in force with one thing replaced.
func (w *authors) rewritten(old, now string) BankText {
	w.t.Helper()
	b := w.bankAt(walkaround)
	if !strings.Contains(b.Source, old) {
		w.t.Fatalf("the bank does not say %q", old)
	}
	if _, err := w.SaveBank(w.t.Context(), w.zhou, walkaround, strings.Replace(b.Source, old, now, 1), b.Version); err != nil {
		w.t.Fatal(err)
	}
	return w.bankAt(walkaround)
}

const firstStem = "客户摆手：“不用铺了，我赶时间。”你……"

func TestPublishedBankIsAskedFromThenOn(t *testing.T) {
	w := openAuthors(t)
	before := w.Library().Quizzes[walkaround]
	id, err := w.StartAttempt(t.Context(), w.lin, walkaround)
	if err != nil {
		t.Fatal(err)
	}
	b := w.rewritten(firstStem, "客户说：“别铺了，来不及。”你……")
	if w.Library().Quizzes[walkaround] != before {
		t.Fatal("a draft is in force")
	}
	p, err := w.BankPublication(t.Context(), w.zhou, walkaround)
	if err != nil || !p.Publishable() || !slices.Equal(p.Reworded, []string{"covers-hurry"}) || p.InForce.Running != 1 {
		t.Fatalf("publication %+v, %v", p.BankChange, err)
	}
	done, err := w.PublishBank(t.Context(), w.zhou, walkaround, b.Version, p.Base)
	if err != nil || !done.New || done.Older != 1 {
		t.Fatalf("published %+v, %v", done, err)
	}
	if stem := w.Library().Quizzes[walkaround].Questions[0].Stem; !strings.Contains(stem, "来不及") {
		t.Errorf("in force is %s", stem)
	}
	open, err := w.Attempt(t.Context(), w.lin, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range open.Sheet.Items {
		if strings.Contains(item.Stem, "来不及") {
			t.Error("an attempt under way changed its text")
		}
	}
	if b := w.bankAt(walkaround); b.Draft != nil || b.InForce.By != w.zhou.Name || b.InForce.Older != 1 {
		t.Errorf("after publishing: %+v", b.InForce)
	}
}

func TestBankWithErrorsIsNotPublished(t *testing.T) {
	w := openAuthors(t)
	before := w.Library().Quizzes[walkaround]
	for _, c := range []struct{ name, old, now, says string }{
		{"no key", "- [x] “铺好就走", "- [ ] “铺好就走", "没有正确的选项"},
		{"no such module", "module: seven-steps/vehicle-walkaround", "module: seven-steps/nowhere", "模块「seven-steps/nowhere」不存在"},
		{"another bank's module", "module: seven-steps/vehicle-walkaround", "module: complaint-handling/listen-and-explain", "已经有题库"},
		{"nowhere to read again", "复习：seven-steps/vehicle-walkaround#covers", "复习：seven-steps/vehicle-walkaround#nowhere", "复习位置"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := w.rewritten(c.old, c.now)
			check, err := w.CheckBank(t.Context(), w.zhou, walkaround, b.Source, "", 0)
			if err != nil || check.Errors == 0 || !slices.ContainsFunc(check.Findings, func(f CheckFinding) bool { return strings.Contains(f.Message, c.says) }) {
				t.Errorf("findings %+v, %v", check.Findings, err)
			}
			_, err = w.PublishBank(t.Context(), w.zhou, walkaround, b.Version, b.InForce.Hash)
			if !errors.Is(err, fault.Invalid) || w.Library().Quizzes[walkaround] != before {
				t.Errorf("published: %v", err)
			}
			if err := w.DiscardBank(t.Context(), w.zhou, walkaround, b.Version); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A question is compared with what other banks in force ask by now, and never with
// the bank's own edition.
func TestQuestionsOfOtherBanksAreKnown(t *testing.T) {
	w := openAuthors(t)
	const fresh = "\n\n## 客户说：“我表弟也开同款，他说三件套是骗钱的，你怎么看？”你先…… {#cousin topic=D5}\n" +
		"- [x] 请他坐下慢慢说\n- [ ] 笑一笑就过去\n  > 省事\n- [ ] 说他表弟不懂\n  > 气人\n\n" +
		"解析：先听。\n\n依据：S4-035 · 复习：seven-steps/vehicle-walkaround#covers\n"
	twins := func(slug string) (found []string) {
		t.Helper()
		check, err := w.CheckBank(t.Context(), w.zhou, slug, strings.TrimRight(w.bankAt(slug).Source, "\n")+fresh, "", 0)
		if err != nil || !check.Readable() {
			t.Fatalf("%+v, %v", check.Findings, err)
		}
		for _, f := range check.Findings {
			if strings.Contains(f.Message, "几乎一样") {
				found = append(found, f.Message)
			}
		}
		return found
	}
	const other = "listen-and-explain"
	if found := twins(other); len(found) > 0 {
		t.Fatalf("nobody asks it yet: %s", found)
	}
	b := w.bankAt(walkaround)
	if _, err := w.SaveBank(t.Context(), w.zhou, walkaround, strings.TrimRight(b.Source, "\n")+fresh, b.Version); err != nil {
		t.Fatal(err)
	}
	b = w.bankAt(walkaround)
	if check, err := w.CheckBank(t.Context(), w.zhou, walkaround, b.Source, "", 0); err != nil || check.Warnings > 0 {
		t.Errorf("a new question of its own: %+v, %v", check.Findings, err)
	}
	if _, err := w.PublishBank(t.Context(), w.zhou, walkaround, b.Version, b.InForce.Hash); err != nil {
		t.Fatal(err)
	}
	if found := twins(other); len(found) != 1 || !strings.Contains(found[0], "“cousin”") {
		t.Errorf("beside the new edition: %s", found)
	}
	if check, err := w.CheckBank(t.Context(), w.zhou, walkaround, b.Source, "", 0); err != nil || check.Warnings > 0 {
		t.Errorf("beside its own edition: %+v, %v", check.Findings, err)
	}
}

func TestTryQuestion(t *testing.T) {
	w := openAuthors(t)
	source := w.bankAt(walkaround).Source
	check, err := w.CheckBank(t.Context(), w.zhou, walkaround, source, "", 0)
	if err != nil || check.Shown == nil || check.Shown.ID != "covers-hurry" || check.Shown.Review != nil {
		t.Fatalf("shown %+v, %v", check.Shown, err)
	}
	right := slices.IndexFunc(check.Shown.Item.Options, func(o sheet.Option) bool { return strings.Contains(o.Text, "铺好就走") })
	for i, o := range check.Shown.Item.Options {
		tried, err := w.TryQuestion(t.Context(), w.zhou, walkaround, source, "covers-hurry", sheet.Answer{o.Token})
		if err != nil || tried.Shown.Review == nil || tried.Shown.Review.Right != (i == right) {
			t.Errorf("option %d: %+v, %v", i, tried.Shown, err)
		}
	}
	if _, err := w.TryQuestion(t.Context(), w.zhou, walkaround, source, "covers-hurry", sheet.Answer{"made-up"}); !errors.Is(err, fault.Invalid) {
		t.Errorf("a made-up token: %v", err)
	}
	broken := strings.Replace(source, "- [x] “铺好就走", "- [ ] “铺好就走", 1)
	if _, err := w.TryQuestion(t.Context(), w.zhou, walkaround, broken, "covers-hurry", nil); !errors.Is(err, fault.Invalid) {
		t.Errorf("a question without a key: %v", err)
	}
	above, _, _ := strings.Cut(source, "{#deck-order")
	line := strings.Count(above, "\n") + 2
	if check, err = w.CheckBank(t.Context(), w.zhou, walkaround, broken, "", line); err != nil || check.Shown.ID != "deck-order" || check.Shown.Faulty {
		t.Errorf("at line %d: %+v, %v", line, check.Shown, err)
	}
}

func TestImportLooksFirst(t *testing.T) {
	w := openAuthors(t)
	before := w.bankAt(walkaround)
	const gift = "::covers-hurry:: 客户到店先做什么？ {=迎上去#对，先迎 ~继续打电话#客户会觉得被晾着}\n\n::抬头:: 你先……{~%50%点头 =点头并说话}\n"
	run, err := w.LookAtImport(t.Context(), w.zhou, walkaround, "", "题.gift", []byte(gift))
	if err != nil || run.Format != "GIFT" || len(run.Questions) != 2 {
		t.Fatalf("%+v, %v", run, err)
	}
	if id := run.Questions[0].ID; id != "covers-hurry-2" {
		t.Errorf("a taken id became %q", id)
	}
	if after := w.bankAt(walkaround); after.Source != before.Source || after.Draft != nil {
		t.Fatal("looking changed the bank")
	}
	if err := w.ImportQuestions(t.Context(), w.zhou, walkaround, run.Text); err != nil {
		t.Fatal(err)
	}
	after := w.bankAt(walkaround)
	if after.Draft == nil || !strings.HasPrefix(after.Source, strings.TrimRight(before.Source, "\n")) || !strings.Contains(after.Source, "客户会觉得被晾着") {
		t.Errorf("the draft ends with\n%s", after.Source[max(0, len(after.Source)-600):])
	}
	if _, err := w.LookAtImport(t.Context(), w.zhou, walkaround, "", "", []byte(" \n")); !errors.Is(err, fault.Invalid) {
		t.Errorf("nothing: %v", err)
	}
}

func TestBanksAreNotForEverybody(t *testing.T) {
	w := openAuthors(t)
	for _, who := range []people.Actor{w.lin, {}} {
		for name, do := range map[string]func(ctx context.Context) error{
			"list":    func(ctx context.Context) error { _, err := w.Banks(ctx, who); return err },
			"read":    func(ctx context.Context) error { _, err := w.BankAt(ctx, who, walkaround, FromDraft); return err },
			"new":     func(ctx context.Context) error { return w.NewBank(ctx, who, "mine", "", walkaround) },
			"save":    func(ctx context.Context) error { _, err := w.SaveBank(ctx, who, walkaround, "x", 0); return err },
			"discard": func(ctx context.Context) error { return w.DiscardBank(ctx, who, walkaround, 0) },
			"check":   func(ctx context.Context) error { _, err := w.CheckBank(ctx, who, walkaround, "x", "", 0); return err },
			"try": func(ctx context.Context) error {
				_, err := w.TryQuestion(ctx, who, walkaround, "x", "", nil)
				return err
			},
			"look": func(ctx context.Context) error {
				_, err := w.LookAtImport(ctx, who, walkaround, "", "", []byte("x"))
				return err
			},
			"import":  func(ctx context.Context) error { return w.ImportQuestions(ctx, who, walkaround, "x") },
			"export":  func(ctx context.Context) error { _, err := w.ExportBank(ctx, who, walkaround, "md"); return err },
			"publish": func(ctx context.Context) error { _, err := w.PublishBank(ctx, who, walkaround, 0, ""); return err },
			"preview": func(ctx context.Context) error { _, err := w.BankPublication(ctx, who, walkaround); return err },
		} {
			if err := do(t.Context()); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// A longer paper takes no more statements: from the start to the result everything
// is read and written for all its questions at once.
func TestAttemptTakesTheSameStatementsHoweverLong(t *testing.T) {
	w := openAuthors(t)
	take := func(name string) int64 {
		who := w.add(name, people.Advisor)
		id := w.campus.begin(who)
		var changes []Change
		for slot, answer := range w.key(who, id) {
			changes = append(changes, Change{Slot: slot, Seq: 1, Answer: answer})
		}
		before := w.store.Statements()
		again := w.campus.begin(who)
		if _, err := w.SaveAnswers(t.Context(), who, again, changes); err != nil {
			t.Fatal(err)
		}
		w.handIn(who, again)
		w.graded(who, again)
		return w.store.Statements() - before
	}
	take("预热")
	short := take("短卷")
	b := w.rewritten("\ndraw: 10\n", "\ndraw: 15\n")
	if _, err := w.PublishBank(t.Context(), w.zhou, walkaround, b.Version, b.InForce.Hash); err != nil {
		t.Fatal(err)
	}
	take("再预热")
	if long := take("长卷"); long != short {
		t.Errorf("%d statements for ten questions, %d for fifteen", short, long)
	}
}

// writtenText is a bank of n questions in the words of the trade, another one for
// each seed.
func writtenText(seed uint64, n int) string {
	words := []rune("客户进店来取车顾问先听再问然后铺好三件套一起环车看清旧伤说明项目时间和价钱请他签字送到休息区交车的时候逐项讲清")
	phrase := func(length int) string {
		text := make([]rune, length)
		for i := range text {
			seed = seed*6364136223846793005 + 1442695040888963407
			text[i] = words[seed>>33%uint64(len(words))]
		}
		return string(text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\ntitle_en: Bank\nmodule: seven-steps/vehicle-walkaround\ndraw: 10\npass: 80\nminutes: 15\n---\n", phrase(6))
	for i := range n {
		fmt.Fprintf(&b, "## %s？ {#q-%d topic=D5}\n- [x] %s\n- [ ] %s\n  > %s\n- [ ] %s\n  > %s\n\n解析：%s\n\n依据：S4-035 · 复习：seven-steps/vehicle-walkaround#covers\n\n",
			phrase(30), i, phrase(20), phrase(20), phrase(20), phrase(20), phrase(20), phrase(60))
	}
	return b.String()
}

// What a pause in typing costs: forty questions of a bank, beside twenty others as
// large and those that ship.
func BenchmarkCheckBank(b *testing.B) {
	l, ps := LoadLibrary(content.FS, nil)
	if l == nil {
		b.Fatal(ps)
	}
	for i := range uint64(21) {
		e := store.Edition{Kind: quizKind, Slug: fmt.Sprint("bank-", i), Files: map[string]string{"bank.md": writtenText(i+1, 40)}}
		var err error
		if l, err = l.with(e); err != nil {
			b.Fatal(err)
		}
	}
	source := writtenText(100, 40)
	for b.Loop() {
		if c, _ := l.examineBank("bank-20", source); !c.Readable() {
			b.Fatal(c.Findings)
		}
	}
}
