package cert_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/internal/cert"
	"qibu/internal/i18n"
)

func sentence(lang string, r cert.Reason) string {
	args := map[string]any{}
	for name, value := range r.Args {
		args[name] = value
	}
	return i18n.For(lang).With("why."+r.Code, args)
}

func TestSentences(t *testing.T) {
	p := advisor()
	revoked := cert.Event{Kind: cert.EventRevoked, Day: "2026-05-01", Reason: "代签观察表", Actor: "周敏"}
	tests := []struct {
		got  cert.Standing
		lang string
		want string
	}{
		{cert.Status(p, complete("2026-03-04"), "2026-03-04"), "zh",
			"2026-03-04 通过最后一项（实操 O6），有效 24 个月，到 2028-03-03；续证窗口自 2028-01-03 开启。"},
		{cert.Status(p, complete("2026-03-04"), "2028-02-01"), "zh",
			"有效到 2028-03-03，续证窗口自 2028-01-03 起已经开启；续证完成 0/2 项，下一项是“复证卷”。"},
		{cert.Status(p, append(complete("2026-03-04"), shown(renewal, "2028-02-01"), shown(o6, "2028-02-02")), "2028-02-02"), "en",
			"Passed the last requirement again (实操 O6) on 2028-02-02; 24 months counted on from the previous expiry 2028-03-03, valid until 2030-03-03; the renewal window opens on 2030-01-02."},
		{cert.Status(p, complete("2026-03-04"), "2026-02-10"), "zh",
			"该学的、该考的都通过了，还差 2 项实操签核，下一项是“实操 O5”。"},
		{cert.Status(p, append(complete("2026-03-04"), revoked), "2026-05-01"), "zh",
			"2026-05-01 由周敏撤销，从当天起无效，原因：代签观察表。"},
	}
	for _, tt := range tests {
		if got := sentence(tt.lang, tt.got.Reason); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// Every code has a sentence in every language that its arguments fill completely.
func TestEveryCodeHasItsSentence(t *testing.T) {
	for code, names := range cert.ReasonCodes {
		args := map[string]string{}
		for _, n := range names {
			args[n] = "‹" + n + "›"
		}
		for _, lang := range i18n.Languages {
			got := sentence(lang, cert.Reason{Code: code, Args: args})
			if strings.ContainsAny(got, "⟦{") || strings.Contains(got, "no value") {
				t.Errorf("%s %s: %s", lang, code, got)
			}
		}
	}
}

// Whatever the ledger, the reason's code is listed and has exactly the listed
// arguments, all filled in but the actor and, where nothing is missing, next.
func TestReasonsAreListed(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		p, events := drawPolicy(t), drawEvents(t)
		for _, s := range cert.Timeline(p, events, firstDay) {
			names, ok := cert.ReasonCodes[s.Reason.Code]
			if !ok {
				t.Fatalf("unlisted code %q", s.Reason.Code)
			}
			seen[s.Reason.Code] = true
			var got []string
			for name, value := range s.Reason.Args {
				got = append(got, name)
				if value == "" && name != "actor" {
					t.Fatalf("%s has no %s", s.Reason.Code, name)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(slices.Sorted(slices.Values(names)), got); diff != "" {
				t.Fatalf("%s: %s", s.Reason.Code, diff)
			}
		}
	})
	for code := range cert.ReasonCodes {
		if !seen[code] {
			t.Logf("no random ledger led to %s", code)
		}
	}
}
