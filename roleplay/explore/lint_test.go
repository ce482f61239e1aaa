package explore

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sound is a scenario without a finding. What the tests below break in it is
// what they must find, and nothing else.
func sound(t testing.TB) string {
	t.Helper()
	src, err := os.ReadFile("testdata/sound.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func TestSoundScenarioHasNoFinding(t *testing.T) {
	r := Compile("sound.md", []byte(sound(t)))
	if len(r.Findings) > 0 || r.Scenario == nil || !r.Proven {
		t.Errorf("%s", r.JSON())
	}
}

// edit replaces every old, each of which stands once, by its new.
func edit(t testing.TB, src string, oldNew ...string) string {
	t.Helper()
	for i := 0; i < len(oldNew); i += 2 {
		if n := strings.Count(src, oldNew[i]); n != 1 {
			t.Fatalf("%q stands %d times", oldNew[i], n)
		}
		src = strings.Replace(src, oldNew[i], oldNew[i+1], 1)
	}
	return src
}

// findings writes findings as "rule level line | message", with the line's text.
func findings(src string, r *Report) (all []string) {
	lines := strings.Split(src, "\n")
	for _, f := range r.Findings {
		text := ""
		if f.Line > 0 {
			text = strings.TrimSpace(lines[f.Line-1])
		}
		all = append(all, fmt.Sprintf("%d %s %s | %s", f.Rule, f.Level, text, f.Message))
	}
	return all
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name string
		edit []string
		want []string
	}{
		{"1 unknown scene", []string{"[否则] → 关门", "[否则] → 门关"}, []string{
			"1 error [否则] → 门关 | 场景「门关」不存在",
		}},
		{"2 dead end", []string{"  【D2 2】\n  点评：让她看见。", "  【D2 2】\n  点评：让她看见。\n  条件：情绪>=40", "  点评：那是她的东西。", "  点评：那是她的东西。\n  条件：情绪>=50"}, []string{
			"2 error ## 旧件（旁支） | 场景「旧件」有一种走法没有话术可选，又不是结局：选 迎接#2；选 交接#1；选 交接#5；选 试车#1。给它一句没有条件的话术，或者写「→ 场景」",
		}},
		{"3 scene nobody leads to", []string{"## 试演：样样周到", "## 后院（旁支）【结局：没人】\n客户：咦？\n## 试演：样样周到"}, []string{
			"3 error ## 后院（旁支）【结局：没人】 | 场景「后院」怎么走都到不了：没有一句「→」指向它，也没有场景落到它",
		}},
		{"3 scene behind a condition", []string{"[情绪>=50] → 送别", "[情绪>=50] → 送别\n[信任<10] → 后院", "## 试演：样样周到", "## 后院（旁支）【结局：没人】\n客户：咦？\n## 试演：样样周到"}, []string{
			"3 error ## 后院（旁支）【结局：没人】 | 场景「后院」怎么走都到不了：「天色」的「→」的条件「信任<10」从来不成立",
		}},
		{"3 option behind a condition", []string{"  点评：那是她的东西。", "  点评：那是她的东西。\n- 袋子有点脏，我给您换一个新的来。\n  【情绪 +；D2 0】→ 出门\n  条件：信任>95\n  点评：她要的不是袋子。"}, []string{
			"3 error - 袋子有点脏，我给您换一个新的来。 | 「袋子有点脏，我给您换一个新的来。」永远不出现：条件「信任>95」从来不成立",
		}},
		{"3 line", []string{"客户：要是回去又响呢？", "客户：[信任<10] 我不信你们了。\n客户：[否则] 要是回去又响呢？"}, []string{
			"3 warn 客户：[信任<10] 我不信你们了。 | 这句台词永远不说：轮到它时，条件「信任<10」从来不成立",
		}},
		{"4 line", []string{"客户：要是回去又响呢？", "客户：[信任>10] 要是回去又响呢？\n客户：[否则] 我不信你们了。"}, []string{
			"4 warn 客户：[信任>10] 要是回去又响呢？ | 条件「信任>10」在这里总是成立：下面的几句永远不说",
		}},
		{"4 option", []string{"  点评：那是她的东西。", "  点评：那是她的东西。\n  条件：信任>10"}, []string{
			"4 warn - 旧件我们收走了，留着也没有用处。 → 调用 付款 → 出门 | 「旧件我们收走了，留着也没有用处。」的条件「信任>10」在这里总是成立：可以不写",
		}},
		{"4 mark in a longer condition", []string{"条件：已看(交车单)\n", "条件：已看(交车单) 且 信任>10\n"}, []string{
			"4 warn - 六点交到您手上，我先去看看洗车排到了谁。 | 「六点交到您手上，我先去看看洗车排到了谁。」的条件里，「信任>10」不起作用：到这里时信任总在50–60之间",
		}},
		{"4 jump always", []string{"[情绪>=50] → 送别", "[信任>10] → 送别", "应到 关门；", ""}, []string{
			"4 warn [信任>10] → 送别 | 「→」的条件「信任>10」在这里总是成立：下面的「→」永远轮不到",
			"3 error ## 关门（旁支）【结局：她没回头】 | 场景「关门」怎么走都到不了：「天色」的「→」从来轮不到",
		}},
		{"4 jump never", []string{"[情绪>=50] → 送别", "[信任<10] → 关门\n[情绪>=50] → 送别"}, []string{
			"4 warn [信任<10] → 关门 | 「→」的条件轮到它时从来不成立：「信任<10」",
		}},
		{"5 circle", []string{"## 关门（旁支）【结局：她没回头】\n客户：嗯。", "## 关门（旁支）\n→ 关灯\n## 关灯（旁支）\n→ 关门", "应到 关门；应判 不及格", ""}, []string{
			"5 error ## 关门（旁支） | 场景「关门」会原地兜圈，永远轮不到选择：选 迎接#2；选 交接#1；选 交接#4；选 试车#1；选 旧件#1；选 付款#1；选 出门#2",
		}},
		{"5 no way out", []string{"## 关门（旁支）【结局：她没回头】\n客户：嗯。", "## 关门（旁支）\n客户：嗯。\n- 再见。（可重复）→ 关门\n- 慢走。（可重复）【情绪 -】→ 关门", "应到 关门；应判 不及格", ""}, []string{
			"5 error ## 关门（旁支） | 到了场景「关门」，有一种走法只能一直绕下去，再也到不了结局：选 迎接#2；选 交接#1；选 交接#4；选 试车#1；选 旧件#1；选 付款#1；选 出门#2",
		}},
		{"6 flat dimension", []string{"维度: D2 倾听提问，D6 承诺管理", "维度: D2 倾听提问，D6 承诺管理，D1"}, []string{
			"6 error 维度: D2 倾听提问，D6 承诺管理，D1 | 维度「D1 礼仪形象」怎么走都是0分，分不出高下：给话术打不同的分，或者去掉它",
		}},
		{"6 pass mark out of reach", []string{"及格: 总分>=75，无红线", "及格: 总分>=75，无红线，信任>=100，情绪>=100", "；应判 及格\n", "\n"}, []string{
			"6 error 及格: 总分>=75，无红线，信任>=100，情绪>=100 | 客户「急躁」时，没有一种走法能及格：降低及格线，或者给出得分的机会",
			"6 error 及格: 总分>=75，无红线，信任>=100，情绪>=100 | 客户「健谈」时，没有一种走法能及格：降低及格线，或者给出得分的机会",
		}},
		{"6 pass mark nobody misses", []string{"及格: 总分>=75，无红线", "及格: 总分>=0", "应到 送别；应判 不及格", "应到 送别", "应到 关门；应判 不及格", "应到 关门"}, []string{
			"6 error 及格: 总分>=0 | 怎么走都及格，及格线没有意义：提高它",
		}},
		{"6 temperaments", []string{"  【情绪 -，信任 +；D2 3】\n  点评：耳朵比嘴可信。", "  【情绪 -，信任 +；D2 3】\n  点评：耳朵比嘴可信。\n  条件：信任>=70", "选 试车#1；", "选 试车#2；", "应得 总分=100；应判 及格", ""}, []string{
			"6 warn 性格: 急躁、健谈 | 抽到的性格不同，维度「D2 倾听提问」最多能得的分也不同（急躁9分，健谈11分），不公平：放宽仪表的条件",
		}},
		{"7 conflict", []string{"  【情绪 +；D6 0】\n  点评：她问的是要是。", "  【情绪 +；D6 0，D2 3】\n  点评：她问的是要是。", "应得 总分=100；", ""}, []string{
			"7 info 维度: D2 倾听提问，D6 承诺管理 | 「D2 倾听提问」和「D6 承诺管理」不能在同一种走法里都拿满，总要舍一头。最好的结果有2种，例如：倾听提问14、承诺管理6；倾听提问11、承诺管理9",
		}},
		{"8 passing untested", []string{"  【信任 +；D6 2】\n  条件：非 已看(交车单)", "  【信任 +；D6 2】→ 调用 付款 → 出门\n  条件：非 已看(交车单)", "D6 承诺管理\n", "D6 承诺管理\n权重: D6=9\n"}, []string{
			"8 warn 维度: D2 倾听提问，D6 承诺管理 | 有的走法一次也考不到维度「D2 倾听提问」，也能及格，例如这样走：选 迎接#3；选 付款#2；选 出门#1。让每种走法都遇上一次能分高下的选择",
			"14 info - 您坐着等等，轮到了会有同事来叫您的。 | 选了就再也不能及格的话术有4句（红线除外）：「您坐着等等，轮到了会有同事来叫您的。」「很快就好，您看会儿手机，十来分钟的事。」「我在想怎么跟您说才好，您别着急，让我先…」。最早是第1次选择，这时离结局最近还有3次选择：想一想要不要留一条补救的路",
		}},
		{"8 broken off", []string{"  【情绪 ++；D6 0】\n  点评：十来分钟是猜的。", "  【情绪 ++；D6 0】→ 关门\n  红线：谎报交车时间\n  点评：十来分钟是猜的。\n  依据：S4-012\n  客户：那我走了。"}, []string{
			"8 info 维度: D2 倾听提问，D6 承诺管理 | 有的走法早早收场，一次也考不到维度「D2 倾听提问」：看 交车单；选 迎接#4",
		}},
		{"8 no score", []string{"  【情绪 +；D6 0】\n  点评：她问的是要是。", "  【情绪 +】\n  点评：她问的是要是。"}, []string{
			"8 warn - 不会的，师傅手艺好，您把心放下。 | 「不会的，师傅手艺好，您把心放下。」没有得分，同一处别的话术有：不得分也请写出来，例如「D6 0」",
		}},
		{"13 no difference", []string{"- 前台有茶，您喝一杯再走。\n  【信任 +】", "- 前台有茶，您喝一杯再走。\n  【情绪 +】"}, []string{
			"13 info - 前台有茶，您喝一杯再走。 | 「前台有茶，您喝一杯再走。」和「这盒茶叶您带上，回去泡着喝，是店里的心…」去处、影响、得分都一样：选哪句都没有区别",
		}},
		{"13 one option", []string{"- 在洗了，洗完就好，您别催。\n  【情绪 -；D6 1】\n  点评：实话，不中听。\n- 我在想怎么跟您说才好，您别着急，让我先想想。\n  【信任 +；D6 0】\n  点评：还是没说。\n", "", "选 冷场#3", "选 冷场#1"}, []string{
			"13 info - 刚才走神了，是我不对，我去看看。 | 场景「冷场」只有一句话术，却计分：没有选择，就不该得分或失分",
		}},
		{"14 no way back", []string{"及格: 总分>=75，无红线", "及格: 总分>=75，D6>=75，无红线"}, []string{
			"14 info - 您坐着等等，轮到了会有同事来叫您的。 | 选了就再也不能及格的话术有4句（红线除外）：「您坐着等等，轮到了会有同事来叫您的。」「很快就好，您看会儿手机，十来分钟的事。」「我在想怎么跟您说才好，您别着急，让我先…」。最早是第1次选择，这时离结局最近还有7次选择：想一想要不要留一条补救的路",
		}},
		{"15 silence", []string{"  点评：不说话，她只会更急。", "  点评：不说话，她只会更急。\n  红线：不理客户\n  依据：S4-004"}, []string{
			"15 warn 限时：40秒 → 冷场【情绪 --；D6 0】 | 「迎接」的沉默就越了红线：只是没来得及说话，不该算严重失误",
		}},
		{"15 looks like nothing", []string{"  【情绪 ++；D6 0】\n  红线：没有核对就请客户签字\n  点评：签字不是人情。\n  依据：S4-027\n  客户：行。", "  【D6 1】\n  红线：没有核对就请客户签字\n  点评：签字不是人情。\n  依据：S4-027"}, []string{
			"15 warn - 我先给您抹个零，您把字签了，咱们再慢慢对。 | 红线「我先给您抹个零，您把字签了，咱们再慢慢…」看不出要紧：客户没有反应，得分也不比旁边的低。让客户当场有反应，或者别算红线",
		}},
		{"16 situation", []string{"处境: 下午五点半，郑姐来取车，你在交车区等她。\n", ""}, []string{
			"16 warn  | 没有「处境」：学员开口之前，不知道自己在哪儿、面前是谁",
		}},
		{"16 ending", []string{"客户：嗯。", "旁白：她走了。"}, []string{
			"16 warn ## 关门（旁支）【结局：她没回头】 | 结局「关门」里客户没有说话：结果要用他的话说出来",
		}},
		{"16 coaching", []string{"  点评：她问的是要是。\n", ""}, []string{
			"16 warn - 不会的，师傅手艺好，您把心放下。 | 计分的话术要有点评，复盘时才有话说：「不会的，师傅手艺好，您把心放下。」",
		}},
		{"16 red line", []string{"  点评：签字不是人情。\n  依据：S4-027\n", ""}, []string{
			"16 warn - 我先给您抹个零，您把字签了，咱们再慢慢对。 | 红线要有点评，学员才知道错在哪儿：「我先给您抹个零，您把字签了，咱们再慢慢…」",
			"16 warn - 我先给您抹个零，您把字签了，咱们再慢慢对。 | 红线要有依据：「我先给您抹个零，您把字签了，咱们再慢慢…」",
		}},
		{"16 regulated", []string{"维度: D2 倾听提问，D6 承诺管理", "维度: D2 倾听提问，D6 承诺管理，D7\n权重: D2=3，D6=3", "  【信任 ++；D6 3】", "  【信任 ++；D6 3，D7 3】"}, []string{
			"16 warn - 三百八，跟电话里说的一样，一项一项对给您看。 | 「D7 费用与配件透明」的得分要有依据：「三百八，跟电话里说的一样，一项一项对给…」",
		}},
		{"16 unknown fact", []string{"依据：S4-027", "依据：S4-999"}, []string{
			"16 error - 我先给您抹个零，您把字签了，咱们再慢慢对。 | 依据 S4-999：没有编号为 S4-999 的事实",
		}},
		{"17 reading", []string{"限时：40秒", "限时：10秒"}, []string{
			"17 warn 限时：10秒 → 冷场【情绪 --；D6 0】 | 「迎接」读完台词、话术和要看的资料大约要20秒，限时只有10秒：放宽限时，或者写短一点",
		}},
		{"17 document that can wait", []string{"限时：40秒", "资料：价目表 | 洗车是送的，内饰清洁另算，一次八十。\n限时：10秒"}, []string{
			"17 warn 限时：10秒 → 冷场【情绪 --；D6 0】 | 「迎接」读完台词、话术和要看的资料大约要20秒，限时只有10秒：放宽限时，或者写短一点",
		}},
		{"17 document read before", []string{
			"客户：问你话呢。", "客户：问你话呢。\n限时：10秒",
			"- 在洗了，洗完就好，您别催。\n", "- 在洗了，洗完就好，您别催。\n  条件：已看(交车单)\n",
		}, []string{
			"17 warn 限时：10秒 | 「冷场」读完台词和话术大约要12秒，限时只有10秒：放宽限时，或者写短一点",
		}},
		{"18 transcript", []string{"应得 总分=100", "应得 总分=99"}, []string{
			"18 error 应得 总分=99；应判 及格 | 试演「样样周到」应得 总分=99：总分是100",
		}},
		{"18 coverage", []string{"选 迎接#2；选 交接#3；选 交接#7；选 交接#4；选 试车#2；选 旧件#2；选 付款#1\n应有 红线；选 出门#1；应到 送别；应判 不及格", "应到 迎接"}, []string{
			"18 warn  | 试演一共只用到27句话术里的15句（沉默也算），至少要60%：再写几个「## 试演：」，走走别的路",
		}},
		{"19 delighted", []string{"  【情绪 ++；D2 0】\n  点评：好听，没用。", "  【情绪 ++；D2 0】"}, []string{
			"16 warn - 都弄好了，跟新的差不多，您回去开开就知道了。 | 计分的话术要有点评，复盘时才有话说：「都弄好了，跟新的差不多，您回去开开就知…」",
			"19 info - 都弄好了，跟新的差不多，您回去开开就知道了。 | 「都弄好了，跟新的差不多，您回去开开就知…」让客户高兴（情绪+10），得分却最低：若是有意，请在点评里说明",
		}},
		{"19 offended", []string{"  【情绪 -，信任 +；D6 3】\n  点评：自己办得到的，才说。", "  【情绪 --，信任 +；D6 3】"}, []string{
			"16 warn - 明天中午我打给您，响的话，我去您那儿取车。 | 计分的话术要有点评，复盘时才有话说：「明天中午我打给您，响的话，我去您那儿取…」",
			"19 info - 明天中午我打给您，响的话，我去您那儿取车。 | 「明天中午我打给您，响的话，我去您那儿取…」得分最高，客户却不高兴（情绪-10）：若是有意，请在点评里说明",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := edit(t, sound(t), c.edit...)
			r := Compile("x.md", []byte(src), Facts(func(id string) bool { return id < "S4-900" }))
			if diff := cmp.Diff(c.want, findings(src, r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// called asks the price in a scene that is called, which goes on as then says;
// when is the condition of everything that can be said there.
func called(then, when string) string {
	return `---
标题: 问价
角色: 客户=郑姐
处境: 在店里。
仪表: 情绪=50
维度: D2
及格: 总分>=75
---
## 门口
客户：多少钱？
- 我给您算。【情绪 +；D2 3】→ 调用 问价 → 柜台
- 您等等。【情绪 --；D2 0】→ 调用 问价 → 柜台
## 柜台
客户：好。
→ ` + then + `
## 问价（可调用）
- 三百八。
  条件：` + when + `
- 四百整。
  条件：` + when + `
→ 返回
## 完【结局：完】
客户：好。
`
}

// A condition is asked as well where its scene is passed through because nothing
// can be said there: without it the learner would come to rest.
func TestConditionAskedInPassing(t *testing.T) {
	for _, c := range []struct {
		name, then, when string
		want             []string
	}{
		{"coming back", "调用 问价 → 完", "非 去过(问价)", nil},
		{"nobody comes back", "完", "非 去过(问价)", []string{
			"「三百八。」的条件「非 去过(问价)」在这里总是成立：可以不写",
			"「四百整。」的条件「非 去过(问价)」在这里总是成立：可以不写",
		}},
		{"mark missed in passing", "完", "情绪>=50 且 非 选过(问价#1)", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range of(4, Compile("x.md", []byte(called(c.then, c.when)))) {
				got = append(got, f.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
