package fill

import (
	"math/big"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, pair := range [][2]string{
		{"三件套", " 三 件 套 "},
		{"三件套。", "《三件套》"},
		{"環車檢查", "环车检查"},
		{"ＶＩＮ码", "vin码"},
		{"座椅套，方向盘套，脚垫", "座椅套、方向盘套；脚垫！"},
		{"“您好！”", "您好"},
		{"３８％", "38%"},
		{"1,000", "１０００"},
		{"－5", "-5"},
		{"−5", "-5"},
		{"2024—2025", "2024-2025"},
		{"隨後", "随后"},
		{"跟著", "跟着"},
		{"明瞭", "明了"},
		{"裡面裏面", "里面里面"},
		{"里\u200b面", "里面"},
		{"a\nB", "ab"},
	} {
		if a, b := Fold(pair[0]), Fold(pair[1]); a != b {
			t.Errorf("%q folds to %q, %q to %q", pair[0], a, pair[1], b)
		}
	}
	for _, pair := range [][2]string{
		{"38%", "38"},
		{"0.38", "038"},
		{"-5", "5"},
		{"1/24", "124"},
		{"8:30", "830"},
		{"3.5", "35"},
		{"接车", "交车"},
		{"a", "b"},
		{"+5", "5"},
		{"", "不"},
	} {
		if Fold(pair[0]) == Fold(pair[1]) {
			t.Errorf("%q and %q fold to the same", pair[0], pair[1])
		}
	}
}

func TestTidy(t *testing.T) {
	for _, pair := range [][2]string{{" Ｑ１  Q2\n", "Q1 Q2"}, {"環車，", "環車,"}, {"", ""}} {
		if got := Tidy(pair[0]); got != pair[1] {
			t.Errorf("Tidy(%q) = %q, want %q", pair[0], got, pair[1])
		}
	}
}

func TestValue(t *testing.T) {
	for text, want := range map[string]string{
		"38": "38", "３８": "38", "3 8": "38", "+3": "3", "-2.5": "-5/2", "－２．５": "-5/2", ".5": "1/2", "5。": "5", "0": "0",
		"1,000": "1000", "１，０００": "1000", "12,345,678.9": "123456789/10",
		"38%": "19/50", "３８％": "19/50", "0.38": "19/50", "百分之三十八": "19/50", "百分之38": "19/50", "百分之百": "1", "百分百": "1",
		"38\u200b%": "19/50", "\u202d1,000\u202c": "1000", "\ufeff0.38": "19/50",
		"百分之三十八点五": "77/200", "5‰": "1/200", "千分之五": "1/200", "万分之一": "1/10000", "负百分之三": "-3/100",
		"1/24": "1/24", "三分之一": "1/3", "二分之三": "3/2", "一又三分之一": "4/3",
		"三成": "3/10", "三成八": "19/50", "三成半": "7/20", "十成": "1", "半": "1/2", "一半": "1/2",
		"三": "3", "十": "10", "十五": "15", "二十": "20", "三十八": "38", "百": "100", "一百零五": "105", "一百〇五": "105",
		"一百五十": "150", "两百": "200", "一千零三十": "1030", "一千零五": "1005", "九千九百九十九": "9999", "零": "0", "〇": "0",
		"两千": "2000", "两万": "20000", "一万两千": "12000", "一万零五": "10005", "一万零五十": "10050", "十二万三千四百五十六": "123456",
		"一亿": "100000000", "一亿两千万": "120000000", "一万亿": "1000000000000", "亿": "100000000",
		"三点一四": "157/50", "零点三八": "19/50", "三点五万": "35000", "负五": "-5", "負五": "-5",
		"3.5万": "35000", "1亿2000万": "120000000", "1万2千": "12000", "5百": "500",
		"叁拾": "30", "壹佰零伍": "105", "貳仟": "2000", "陸": "6", "萬": "10000",
		"二〇二六": "2026", "一二三": "123", "零零七": "7",
	} {
		w, _ := new(big.Rat).SetString(want)
		if got, ok := Value(text); !ok || got.Cmp(w) != 0 {
			t.Errorf("Value(%s) = %v, %v; want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", " ", "-", "+", "%", ".", "点", "五点", "1,00", "1,0000", ",100", "1.2.3", "1e3", "0x10", "--3", "1/0", "零分之三", "/3", "3/",
		"两百五", "一万五", "1万5", "三五", "三十十", "十三百", "一百十零", "一百零", "百万万五", "3.5万2千", "一万三万",
		"约三天", "3天", "三天", "三成八九", "十五成", "分之", "又", "一又三", "一又一又三分之一", "二又三分之一又", "NaN", "Inf", "½x", "10²", "10₂",
		"1111111111111111111111111111111111111111111111111111111111111",
	} {
		if got, ok := Value(text); ok {
			t.Errorf("Value(%q) = %v, want none", text, got)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"環車檢查", "３８％", "1,000.5", "a·\u0301", "ＡＢＣ１－２", "İ", "㈱①", "…", "\xff", "- 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Fold(text)
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Fatalf("Fold(%q) is not text", text)
		}
		if again := Fold(once); again != once {
			t.Fatalf("Fold(%q) = %q, again %q", text, once, again)
		}
	})
}

// Value never fails badly, and what it reads it reads again from its own fraction.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{"百分之三十八", "1,000.5", "一又三分之一", "三成八", "1亿2000万", "二〇二六", "-1/24", "9/亿亿亿"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, ok := Value(text)
		if !ok {
			return
		}
		if again, ok := Value(v.RatString()); len(v.RatString()) <= longest && (!ok || again.Cmp(v) != 0) {
			t.Fatalf("Value(%q) = %s, which reads as %v", text, v.RatString(), again)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("當著客戶的面，鋪好座椅防塵套、轉向盤防塵套和腳墊。")
	}
}

func BenchmarkValue(b *testing.B) {
	for b.Loop() {
		Value("百分之三十八点五")
	}
}
