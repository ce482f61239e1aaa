package banks

import (
	"context"
	"strconv"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

// slugExample shows what a name in addresses looks like.
const slugExample = "tire-change"

// attempts says how many are in the middle of a paper, and on which edition.
func attempts(ctx context.Context, e *academy.BankEdition) string {
	switch {
	case e.Older > 0:
		return ui.T(ctx, "bank.attempts_older", "n", e.Running, "older", e.Older)
	case e.Running > 0:
		return ui.T(ctx, "bank.attempts", "n", e.Running)
	}
	return ui.T(ctx, "bank.attempts_none")
}

// kindText names a kind of question.
func kindText(ctx context.Context, kind string) string {
	key, ok := map[string]string{
		sheet.Single: "bank.kind_single", sheet.Multiple: "bank.kind_multiple", sheet.TrueFalse: "bank.kind_true_false",
		sheet.Order: "bank.kind_order", sheet.Match: "bank.kind_match", sheet.Fill: "bank.kind_fill",
		sheet.Numeric: "bank.kind_numeric", sheet.Hot: "bank.kind_hot", sheet.Text: "bank.kind_text",
	}[kind]
	if !ok {
		return kind
	}
	return ui.T(ctx, key)
}

// outline is a question in the list to choose from: "3 · 三件套应在什么时候铺？".
func outline(n int, q academy.BankQuestion) string {
	title := q.Title
	if letters := []rune(title); len(letters) > 24 {
		title = string(letters[:24]) + "…"
	}
	return strconv.Itoa(n) + " · " + title
}

func join(ids []string) string { return strings.Join(ids, "、") }
