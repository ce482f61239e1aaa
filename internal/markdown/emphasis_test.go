package markdown

import "testing"

func TestEmphasis(t *testing.T) {
	const b, e = "<strong>", "</strong>"
	tests := []struct{ name, in, want string }{
		// Literal by the CommonMark rule, and what Chinese authors write every day.
		{"colon inside, word after", "**注意：**请勿离开", b + "注意：" + e + "请勿离开"},
		{"brackets inside, words around", "必须**「双人」**操作", "必须" + b + "「双人」" + e + "操作"},
		{"per cent inside, word after", "**55%**的客户", b + "55%" + e + "的客户"},
		{"full stop inside", "**先铺后查。**然后环车", b + "先铺后查。" + e + "然后环车"},
		{"book title marks", "请看**《维修手册》**第三章", "请看" + b + "《维修手册》" + e + "第三章"},
		{"full-width parentheses", "**三件套（座椅、转向盘、脚垫）**要当面铺", b + "三件套（座椅、转向盘、脚垫）" + e + "要当面铺"},
		{"ASCII parentheses", "**净推荐值(NPS)**怎么算", b + "净推荐值(NPS)" + e + "怎么算"},
		{"curly quotes inside", "他说**“不用铺了”**就走了", "他说" + b + "“不用铺了”" + e + "就走了"},
		{"curly quotes beside a digit", "4S**“店”**2 楼", "4S" + b + "“店”" + e + "2 楼"},
		{"straight quotes inside", `他说**"不用"**就走了`, "他说" + b + "&quot;不用&quot;" + e + "就走了"},
		{"dash inside", "**先打过去——**别等他来问", b + "先打过去——" + e + "别等他来问"},
		{"ellipsis inside", "**这个嘛……**顾问说", b + "这个嘛……" + e + "顾问说"},
		{"question mark inside", "**可以吗？**问完等他答", b + "可以吗？" + e + "问完等他答"},
		{"enumeration comma inside", "**望、闻、问、**切", b + "望、闻、问、" + e + "切"},
		{"code inside at the end", "我可以强调**这个`code`**吗", "我可以强调" + b + "这个<code>code</code>" + e + "吗"},
		{"link inside at the end", "**看[复习](/a)**再答", b + `看<a href="/a">复习</a>` + e + "再答"},
		{"nested in italics", "*他说**「好」**了*", "<em>他说" + b + "「好」" + e + "了</em>"},
		{"italics with punctuation", "*注意：*请勿", "<em>注意：</em>请勿"},
		{"strike with punctuation", "~~原价：~~现价", "<del>原价：</del>现价"},
		{"bold and italic", "***重点：***记住", "<em>" + b + "重点：" + e + "</em>记住"},
		{"two on a line", "**甲：**一，**乙：**二", b + "甲：" + e + "一，" + b + "乙：" + e + "二"},
		{"kana", "**この文。**残念", b + "この文。" + e + "残念"},

		// CommonMark already does these.
		{"money", "**￥380**起", b + "￥380" + e + "起"},
		{"plain", "先**环车**再问", "先" + b + "环车" + e + "再问"},
		{"whole line", "**先打电话**", b + "先打电话" + e},
		{"spaces around", "先 **环车** 再问", "先 " + b + "环车" + e + " 再问"},
		{"Latin words", "say **hello, world** now", "say " + b + "hello, world" + e + " now"},
		{"inside a Latin word", "un**believ**able", "un" + b + "believ" + e + "able"},
		{"underscores", "__注意__ 这里", b + "注意" + e + " 这里"},

		// These must stay as written.
		{"power", "2 ** 3", "2 ** 3"},
		{"product", "5 * 3 * 2", "5 * 3 * 2"},
		{"unclosed", "**没有结束", "**没有结束"},
		{"space inside the opening", "看** 这里**吧", "看** 这里**吧"},
		{"space inside the closing", "看**这里 **吧", "看**这里 **吧"},
		{"escaped", `\*\*不加粗\*\*`, "**不加粗**"},
		{"in code", "`**代码**`", "<code>**代码**</code>"},
		{"file name", "order_form_old", "order_form_old"},
		{"blank to fill", "客户满意度____分", "客户满意度____分"},
		{"Latin punctuation inside, Latin word after", "**(note)**word", "**(note)**word"},
		{"range with a tilde", "3~5天，20~30分钟", "3~5天，20~30分钟"},
		{"three tildes", "等~~~一下~~~吧", "等~~~一下~~~吧"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Inline(tt.in); got != tt.want {
				t.Errorf("Inline(%q)\n got %s\nwant %s", tt.in, got, tt.want)
			}
		})
	}
}
