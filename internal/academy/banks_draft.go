package academy

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// bankStart is what a new bank begins as: front matter and one question of the
// commonest kind, to be written over.
const bankStart = `---
title: 新题库
title_en: New bank
module: %s
draw: 10
pass: 80
minutes: 15
---

## 客户把车停好，你手里还有一个没讲完的电话。你…… {#first-look topic=D2 difficulty=1}
- [ ] 背过身去，先把电话讲完
  > 电话那头没察觉，客户却看见了你的后背。
- [x] 抬头点头示意，说“我马上过来”，尽快讲完
- [ ] 挂断电话，立刻迎上去
  > 顾了眼前的客户，丢了电话里的客户。

解析：先让客户知道你看见他了，再讲完该讲的。

依据：S1-001 · 复习：%s#小节
`

// NewBank begins a bank under a slug of its own: a copy of the one under from, or
// of a small start for a module when from is empty.
func (a *Academy) NewBank(ctx context.Context, who people.Actor, slug, module, from string) error {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return err
	}
	if _, ok := a.Library().module(module); from == "" && !ok {
		return invalid("module", "bank.module_gone")
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		source := fmt.Sprintf(bankStart, module, module)
		if from != "" {
			w, err := work(tx, quizKind, from)
			if errors.Is(err, fault.NotFound) {
				return invalid("from", "bank.from_gone")
			}
			if err != nil {
				return err
			}
			source = w.text()
		}
		return begin(tx, bankBy(who, slug, source))
	})
}

// SaveBank keeps source as the draft of a bank, in place of the version it was made
// from, and returns the version it now has. Learners go on with what is in force.
// ErrDraftMoved says that the draft has another version by now and nothing was
// saved; the same text saved twice is saved once.
func (a *Academy) SaveBank(ctx context.Context, who people.Actor, slug, source string, version int) (saved int, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return 0, err
	}
	if source, err = readable(source, MaxBank); err != nil {
		return 0, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) (err error) {
		saved, err = keep(tx, bankBy(who, slug, source), version)
		return err
	})
	return saved, err
}

// DiscardBank throws a draft away. What is in force stays; a bank of which nothing
// was ever published is gone.
func (a *Academy) DiscardBank(ctx context.Context, who people.Actor, slug string, version int) error {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		w, err := discard(tx, who, quizKind, slug, version)
		if err != nil || !w.draft.Open() {
			return err
		}
		return audit(tx, who, "discard_bank", w.draft.Title, slug, "")
	})
}

func bankBy(who people.Actor, slug, source string) store.Draft {
	return store.Draft{Kind: quizKind, Slug: slug, Title: bankTitle(slug, source), Source: source, ByID: who.ID}
}

var bankTitleLine = regexp.MustCompile(`(?m)^title:[ \t]*(.*)$`)

// bankTitle finds the title in a text that need not be readable yet; without one
// the slug stands for it.
func bankTitle(slug, source string) string {
	if found := bankTitleLine.FindStringSubmatch(source); found != nil {
		if title := strings.Trim(strings.TrimSpace(found[1]), `"'`); title != "" {
			return title
		}
	}
	return slug
}
