package script

import (
	"strings"
	"testing"
)

// Each case breaks one thing of a sound file and gets exactly these problems:
// what is wrong is said once, at its line, and not again by what follows from it.
func TestProblems(t *testing.T) {
	cases := []struct {
		name, file, old, new string
		want                 string // "line: message", one a line
	}{
		{"no front matter", "tour", "---\n标题", "标题", "1: 文件要以「---」开头，先写标题、角色、处境、仪表、维度、及格"},
		{"front matter not closed", "tour", "无红线\n---", "无红线", "1: 开头的「---」没有第二个「---」收尾"},
		{"missing keys", "tour", "标题: 走一遍全部写法\n", "", "1: 缺少「标题:」"},
		{"unknown key", "tour", "说明:", "说朋:", "7: 不认识「说朋:」，是否指「说明」？"},
		{"unknown key with more lines", "tour", "处境:", "处竟:", "5: 不认识「处竟:」，是否指「处境」？"},
		{"key twice", "tour", "说明:", "标题:", "7: 「标题:」写了两次"},
		{"empty value", "tour", "走一遍全部写法", "", "2: 「标题」后面是空的"},
		{"no key", "tour", "说明:", "说明", "7: 「说明 全部虚构。」要写成「键: 值」"},
		{"cast without a name", "tour", "技师=老周", "技师", "4: 角色要写成「客户=王先生（急躁）」，不是「技师」"},
		{"cast empty name", "tour", "技师=老周", "技师=", "4: 角色没有名字"},
		{"cast twice", "tour", "技师=老周", "技师=客户", "4: 角色「客户」重复，或者是格式自己的词"},
		{"cast with a stray bracket", "tour", "技师=老周", "技师=老周），店长=老何", "4: 角色名「老周）」里不能有「）」"},
		{"reserved cast", "tour", "技师=老周", "限时=老周", "4: 角色「限时」重复，或者是格式自己的词"},
		{"nobody", "tour", "客户=周女士（怕麻烦、话少），技师=老周", "，", "4: 角色里至少要有客户，最多16人"},
		{"crowd", "tour", "技师=老周", "技师=老周，a=1，b=2，c=3，d=4，e=5，f=6，g=7，h=8，i=9，j=10，k=11，l=12，m=13，n=14，o=15，p=16", "4: 角色里至少要有客户，最多16人"},
		{"purpose", "temper", "练习   #", "联系   #", "4: 用途只能是「考试」或「练习」，不是「联系」"},
		{"temperament", "temper", "急躁、多疑", "急燥、多疑", "7: 没有「急燥」这种性格，是否指「急躁」？"},
		{"temperament, far", "temper", "急躁、多疑", "爱笑、多疑", "7: 没有「爱笑」这种性格，只有 急躁、多疑、老成持重、爽快、挑剔、健谈"},
		{"temperament twice", "temper", "急躁、多疑", "多疑、多疑", "7: 性格「多疑」写了两次"},
		{"meter off the grid", "tour", "耐心=20", "耐心=21", "8: 仪表要写成「情绪=35」，起点0–100，5的倍数，不是「耐心=21」"},
		{"meter without a start", "tour", "耐心=20", "耐心", "8: 仪表要写成「情绪=35」，起点0–100，5的倍数，不是「耐心」"},
		{"meter twice", "tour", "耐心=20", "情绪=20", "8: 仪表「情绪」重复，或者是格式自己的词"},
		{"no mood", "tour", "情绪=50，", "", "8: 仪表里要有「情绪」，客户的脸色由它决定"},
		{"meter name", "tour", "耐心=20", "耐(心=20", "8: 仪表名「耐(心」里不能有「(」"},
		{"too many meters", "tour", "耐心=20", "耐心=20，b=0，c=0，d=0，e=0，f=0，g=0，h=0", "8: 仪表最多8个"},
		{"dimension unknown", "tour", "维度: D1，", "维度: D9，", "9: 维度「D9」：只有 D1–D8，例如「D6 承诺管理」；自己的维度只写名字"},
		{"dimension's name", "tour", "D6 承诺管理\n", "D6 承诺\n", "9: D6 是「承诺管理」，不是「承诺」"},
		{"dimension twice", "tour", "维度: D1，", "维度: 承诺管理，", "9: 维度「D6 承诺管理」重复，或者已经是仪表的名字"},
		{"dimension like a meter", "temper", "维度: 共情, ", "维度: 信任, ", "8: 维度「信任」重复，或者已经是仪表的名字"},
		{"dimension name", "temper", "；说服力", "；说+服", "8: 维度名「说+服」里不能有「+」"},
		{"too many dimensions", "tour", "D1，D6 承诺管理", "D1，D6，a，b，c，d，e，f，g", "9: 维度最多8个"},
		{"no dimension", "tour", "D1，D6 承诺管理", "，", "9: 至少要有一个维度"},
		{"weight", "tour", "D6=2", "D6=11", "10: 权重要写成「D6=2」，1–10，不是「D6=11」"},
		{"weight of nothing", "tour", "D6=2", "D5=2", "10: 维度「D5」没有声明，是否指「D1」？"},
		{"no clause", "tour", "总分≥50、情绪>=40、无红线", "；", "11: 及格里至少要有一条"},
		{"pass rule", "tour", "总分≥50", "总分>50", "11: 及格要写成「总分>=60」「D6>=50」「情绪>=60」或「无红线」，不是「总分>50」"},
		{"pass rule name", "tour", "情绪>=40", "情续>=40", "11: 及格里的「情续」没有声明，是否指「情绪」？"},

		{"text before the first scene", "tour", "# 一个井号是注释", "旁白：早。\n旁白：你好。", "13: 第一个「## 场景名」之前不能有内容"},
		{"duplicate scene", "tour", "## 暗处（旁支）", "## 过道", "33: 场景「暗处」不存在\n44: 场景「过道」重复，第30行已经有了"},
		{"heading label", "tour", "## 暗处（旁支）", "## 暗处（旁枝）", "44: 场景标题里的「旁枝」看不懂：可以写（旁支）（可调用）（话题组）【结局：标题】【情绪 --】，是否指「旁支」？"},
		{"heading open", "tour", "## 暗处（旁支）", "## 暗处（旁支", "44: 场景标题里的括号没有合上"},
		{"heading trailing", "tour", "## 暗处（旁支）", "## 暗处（旁支）二", "44: 场景标题里多出「二」"},
		{"heading score", "tour", "## 暗处（旁支）", "## 暗处（旁支）【D1 1】", "44: 「D1 1」：得分写在话术上，到一个场景不计分"},
		{"heading effect", "tour", "## 暗处（旁支）", "## 暗处（旁支）【耐性 --】", "44: 「耐性」没有在仪表或维度里声明，是否指「耐心」？"},
		{"ending without a title", "tour", "【结局：再见】", "【结局：】", "49: 结局要有标题，标题里不能有【】：【结局：和好】"},
		{"scene's name", "tour", "## 暗处（旁支）", "## 暗#处（旁支）", "33: 场景「暗处」不存在，是否指「暗#处」？\n44: 场景名「暗#处」里不能有「#」"},
		{"scene called 返回", "tour", "## 过道", "## 返回", "30: 「返回」是格式自己的词，不能作场景名"},
		{"indented scene", "tour", "## 过道", "  ## 过道", "30: 场景标题要顶格写"},
		{"first scene callable", "tour", "## 门口", "## 门口（可调用）", "14: 故事从第一个场景开始，它不能（可调用）"},
		{"hub and ending", "hub", "## 听准了【", "## 听准了（话题组）【", "37: 场景「听准了」不能又是话题组又是结局"},
		{"document without text", "tour", "派工单 | 工位：二号", "派工单", "19: 资料要写成「资料：名 | 内容」"},
		{"document twice", "tour", "## 过道\n", "## 过道\n资料：派工单 | 又一份\n", "31: 资料「派工单」重复"},
		{"document's name", "tour", "资料：派工单 |", "资料：派工#单 |", "17: 资料「派工单」不存在，是否指「派工#单」？\n19: 资料名「派工#单」里不能有「#」\n32: 资料「派工单」不存在，是否指「派工#单」？"},
		{"document's brackets", "tour", "资料：派工单 |", "资料：派工（单 |", "17: 资料「派工单」不存在，是否指「派工（单」？\n19: 资料名「派工（单」的括号没有配对\n32: 资料「派工单」不存在，是否指「派工（单」？"},
		{"text after options", "tour", "  专家：先陪，再说。", "旁白：停。", "26: 台词要写在话术前面；一个场景只有一次选择，后面的事请另起场景"},
		{"indented under nothing", "tour", "旁白：走了几步。", "  旁白：走了几步。\n  旁白：再走几步。", "31: 缩进的行要跟在话术、限时或资料下面"},
		{"missing scene", "tour", "→ 送别\n- 保证", "→ 送行\n- 保证", "37: 场景「送行」不存在，是否指「送别」？"},
		{"missing scene, far", "tour", "→ 送别\n- 保证", "→ 天涯海角\n- 保证", "37: 场景「天涯海角」不存在"},
		{"jump after the last", "tour", "[否则] → 暗处", "→ 暗处\n→ 车边", "34: 上面的「→」已经没有条件，这一行永远轮不到"},
		{"jump else alone", "tour", "[选过(门口#2) 且 非 已看(派工单)] → 车边\n", "", "32: [否则]上面要有带条件的「→」"},
		{"jump with effects", "tour", "[否则] → 暗处", "[否则] → 暗处【耐心 -】", "33: 这里的「→」后面不能有【…】：写在话术上，或写在要去的场景的标题上"},
		{"option in an ending", "tour", "客户（点头）：好。", "客户（点头）：好。\n- 再见。", "51: 结局里只写台词"},
		{"nowhere to fall", "tour", "## 不欢（旁支）【结局：摇头】\n客户：算了。", "## 不欢（旁支）\n- 算了。【D1 0】", "52: 后面没有场景可以落到，请写「→ 场景」"},
		{"guarded option", "tour", "- 您稍等。", "[耐心>10] - 您稍等。", "21: 话术的条件写在下面，缩进：「条件：…」"},

		{"unknown speaker", "tour", "技师（擦手）", "技士（擦手）", "25: 不认识「技士：」，它不是角色，也不是这里能用的词，是否指「技师」？"},
		{"not a line", "tour", "旁白：走了几步。", "走了几步。", "31: 看不懂「走了几步。」：台词要写成「角色（表情）：台词」"},
		{"empty line", "tour", "旁白：走了几步。", "旁白：", "31: 台词不能为空，也不能含【】[]→：「」"},
		{"arrow in a line", "tour", "旁白：走了几步。", "旁白：走了→几步。", "31: 台词不能为空，也不能含【】[]→：「走了→几步。」"},
		{"else alone", "tour", "客户：[耐心<10 或 已看(派工单)] 我赶时间。\n", "客户：急。\n", "18: [否则]上面要紧挨着一行带条件的台词"},
		{"guard open", "tour", "[情绪>=90] 客户", "[情绪>=90 客户", "16: 「[情绪>=90 客户（笑）：今天真快。」的方括号没有合上"},

		{"condition on a name", "tour", "耐心<10", "耐性<10", "17: 条件「耐性<10 或 已看(派工单)」：仪表「耐性」没有声明，是否指「耐心」？"},
		{"condition on a score", "tour", "耐心<10", "D6<10", "17: 条件「D6<10 或 已看(派工单)」：维度只计分，不能作条件；用仪表"},
		{"condition without a value", "tour", "耐心<10", "耐心", "17: 条件「耐心 或 已看(派工单)」：要写成「耐心>=40」"},
		{"condition with a strange comparison", "tour", "耐心<10", "耐心<>10", "17: 条件「耐心<>10 或 已看(派工单)」：要写成「耐心>=40」"},
		{"condition function", "tour", "已看(派工单)] 我", "看过(派工单)] 我", "17: 条件「耐心<10 或 看过(派工单)」：不认识「看过(…)」，是否指「去过」？"},
		{"condition document", "tour", "已看(派工单)] 我", "已看(派工表)] 我", "17: 资料「派工表」不存在，是否指「派工单」？"},
		{"condition brackets", "tour", "已看(派工单)] 我", "(已看(派工单)] 我", "17: 条件「耐心<10 或 (已看(派工单)」：括号没有合上"},
		{"condition argument open", "tour", "已看(派工单)] 我", "已看(派工单] 我", "17: 条件「耐心<10 或 已看(派工单」：括号没有合上"},
		{"condition trailing", "tour", "耐心<10 或", "耐心<10 就", "17: 条件「耐心<10 就 已看(派工单)」：「耐心<10」之后看不懂"},
		{"condition ends early", "tour", "耐心<10 或 已看(派工单)", "耐心<10 或", "17: 条件「耐心<10 或」：少了一半，要写成「情绪>=40」这样"},
		{"condition scene", "tour", "去过(门口)", "去过(门囗)", "25: 场景「门囗」不存在，是否指「门口」？"},
		{"condition option", "tour", "选过(门口#2)", "选过(门口#4)", "32: 「门口#4」：场景「门口」一共3句话术"},
		{"condition option form", "tour", "选过(门口#2)", "选过(门口)", "32: 「门口」要写成「场景#2」，#后面是第几句话术"},
		{"condition silence", "limit", "非 沉默过(冷场)", "非 沉默过(说开)", "26: 条件「沉默过(质问) 且 非 沉默过(说开)」：场景「说开」没有限时"},
		{"condition depth", "tour", "耐心<10", strings.Repeat("非", 30) + "耐心<10", "17: 条件「非非非非非非非非非非非非非非非非非非非非非非非非非非非非非非耐心<10 或 已…」：套得太深"},

		{"effect off the grid", "tour", "情绪 +15", "情绪 +7", "23: 「情绪 +7」：增减要是5的倍数，不超过100"},
		{"effect without sign", "tour", "情绪 +15", "情绪 15", "23: 仪表「情绪」要写增减：「情绪 +15」"},
		{"score with sign", "tour", "D1 2】", "D1 +2】", "23: 维度「D1」写0–3分，不写增减"},
		{"score too high", "tour", "D1 2】", "D1 4】", "23: 「D1 4」：得分只能是0–3"},
		{"score twice", "tour", "D1 2】", "D1 2；礼仪形象 1】", "23: 「礼仪形象 1」：同一个维度写了两次"},
		{"effect twice", "tour", "情绪 +15", "情绪 +15，情绪 +5", "23: 「情绪 +5」：同一个仪表写了两次"},
		{"credit undeclared", "tour", "D1 2】", "D2 2】", "23: 「D2」没有在仪表或维度里声明，是否指「D1」？"},
		{"credit unreadable", "tour", "D1 2】", "得两分】", "23: 「得两分」看不懂：仪表写「情绪 ++」或「情绪 +15」，维度写「D6 3」"},
		{"score on a repeatable", "tour", "【耐心 -5】", "【D1 1】", "21: 「D1 1」：可重复的话术不能计分，不然可以反复刷分"},
		{"brackets open", "tour", "【耐心 -5】", "【耐心 -5", "21: 【…】没有合上"},
		{"after brackets", "tour", "【耐心 -5】", "【耐心 -5】好", "21: 【…】后面多出「好→ 门口」"},
		{"two arrows", "tour", "  → 不欢", "  → 不欢\n  → 送别", "41: 已经写过「→」，只能去一个地方"},
		{"arrow to nothing", "tour", "  → 不欢", "  →", "40: 「→」后面要写场景名"},
		{"empty option", "tour", "- 您稍等。（可重复）", "- （可重复）", "21: 话术不能为空，也不能含【】[]→"},
		{"indented option", "tour", "- 车在那边", "  - 车在那边", "27: 话术要顶格写"},
		{"note at the margin", "tour", "  点评：没有人能保证。\n  依据：S4-002", "点评：没有人能保证。\n  依据：S4-002", "42: 「点评：」要缩进，写在话术下面"},
		{"note twice", "tour", "  点评：没有人能保证。", "  红线：又一条", "42: 这句话术已经写过「红线：」"},
		{"condition twice", "tour", "  专家：先陪，再说。", "  条件：情绪>0\n  条件：情绪>1", "27: 这句话术已经写过「条件：」"},
		{"empty note", "tour", "点评：没有人能保证。", "点评：", "42: 「点评：」后面是空的"},
		{"misspelt note", "tour", "点评：没有人能保证。", "点平：没有人能保证。", "42: 不认识「点平：」，它不是角色，也不是这里能用的词，是否指「点评」？"},
		{"fact id", "tour", "S4-034、S4-035", "S4-34、S4-035", "29: 依据里的「S4-34」：编号要写成「S4-011」，放在最前面，用、隔开"},
		{"fact id behind words", "tour", "S4-034、S4-035；", "见S4-034；", "29: 依据里的「S4-034」：编号要写成「S4-011」，放在最前面，用、隔开"},

		{"topic outside a hub", "tour", "## 暗处（旁支）", "### 暗处", "44: 「###」是话题，只写在（话题组）的场景里；场景标题用两个#"},
		{"topic indented", "hub", "### 时候（必谈）", "  ### 时候（必谈）", "22: 话题标题要顶格写"},
		{"topic without must or may", "hub", "### 声音（必谈）", "### 声音", "17: 话题要写成「### 声音（必谈）」或「### 声音（可选）」"},
		{"topic twice", "hub", "### 时候（必谈）", "### 声音（必谈）", "22: 话题「声音」重复"},
		{"topic without options", "hub", "### 最近（可选）\n", "### 最近（可选）\n### 里程（可选）\n", "27: 话题「最近」下面没有话术"},
		{"topic's name", "hub", "### 声音（必谈）", "### （必谈）", "17: 话题没有名字"},
		{"lines in a topic", "hub", "### 最近（可选）\n", "### 最近（可选）\n旁白：他想了想。\n", "28: 台词要写在话术前面；一个场景只有一次选择，后面的事请另起场景"},

		{"calling what cannot be called", "call", "→ 调用 查单 → 核对", "→ 调用 说价 → 核对", "10: 场景「说价」不能调用：它的标题要写（可调用）"},
		{"entering what must be called", "call", "→ 调用 查单 → 核对", "→ 查单", "10: 场景「查单」是（可调用）的，要写「→ 调用 查单」"},
		{"calling nothing", "call", "→ 调用 查单 → 核对", "→ 调用 → 核对", "10: 「→ 调用」后面要写场景名"},
		{"calling a missing scene", "call", "→ 调用 查单 → 核对", "→ 调用 查但 → 核对", "10: 场景「查但」不存在，是否指「查单」？"},
		{"calling twice", "call", "→ 调用 查单 → 核对", "→ 调用 查单 → 调用 翻找", "10: 一次只能调用一个场景"},
		{"three arrows", "call", "→ 调用 查单 → 核对", "→ 调用 查单 → 核对 → 催问", "10: 已经写过「→」，只能去一个地方"},
		{"returning from nowhere", "call", "→ 调用 查单 → 核对", "→ 返回", "10: 「→ 返回」只能写在（可调用）的场景里"},
		{"recursion", "call", "旁白：你翻了两遍。\n→ 返回", "旁白：你翻了两遍。\n→ 调用 查单", "31: 「翻找」调用「查单」，从「查单」不返回又能走到「翻找」：会越套越深"},
		{"recursion by tail", "call", "旁白：你翻了两遍。\n→ 返回", "旁白：你翻了两遍。\n→ 调用 翻找 → 返回", "31: 「翻找」调用「翻找」，从「翻找」不返回又能走到「翻找」：会越套越深"},
		{"recursion by escape", "call", "旁白：你翻了两遍。\n→ 返回", "旁白：你翻了两遍。\n→ 催问", "15: 「催问」调用「查单」，从「查单」不返回又能走到「催问」：会越套越深\n18: 「核对」调用「查单」，从「查单」不返回又能走到「核对」：会越套越深"},

		{"limit below an option", "limit", "限时：600秒\n- 这里的划痕接车单上有，您签过字。【D8 1】", "- 这里的划痕接车单上有，您签过字。【D8 1】\n 限时 ：600秒", "32: 「限时：」要顶格写"},
		{"limit under a condition", "limit", "限时：600秒", "[情绪>0] 限时：600秒", "31: 不认识「限时：」，它不是角色，也不是这里能用的词"},
		{"limit unreadable", "limit", "限时：15秒", "限时：十五秒", "11: 限时要写成「限时：20秒 → 场景」，5–600秒，不是「十五秒」"},
		{"limit without unit", "limit", "限时：15秒", "限时：15", "11: 限时要写成「限时：20秒 → 场景」，5–600秒，不是「15」"},
		{"limit too short", "limit", "限时：15秒", "限时：4秒", "11: 限时要写成「限时：20秒 → 场景」，5–600秒，不是「4秒」"},
		{"limit too long", "limit", "限时：15秒", "限时：601秒", "11: 限时要写成「限时：20秒 → 场景」，5–600秒，不是「601秒」"},
		{"two limits", "limit", "限时：15秒", "限时：20秒\n限时：15秒", "12: 一个场景只有一个限时"},
		{"limit without a decision", "limit", "限时：600秒", "客户：来。\n## 空\n限时：600秒\n## 看二", "33: 没有话术可选的场景用不着限时\n45: 「看车#2」：场景「看车」一共0句话术"},
		{"limit with a condition", "limit", "  专家：先应一声，再看记录。", "  条件：情绪>=50", "14: 限时没有条件"},
		{"limit in an ending", "limit", "客户（冷笑）：那就找能说话的人。", "限时：20秒", "38: 结局里只写台词"},

		{"trial's name", "tour", "试演：最好", "试演：", "53: 试演要有名字：「## 试演：金牌路线」"},
		{"trial's verb", "tour", "应到 车边", "应道 车边", "54: 试演里的「应道」看不懂：要写 看、选、沉默、应到、应得、应有、应无、应判，后面空一格，是否指「应到」？"},
		{"trial's scene", "tour", "应到 车边", "应到 车变", "54: 场景「车变」不存在，是否指「车边」？"},
		{"trial's option", "tour", "应无 红线", "应无 红线；选 送别#1", "55: 「送别#1」：场景「送别」一共0句话术"},
		{"trial's document", "tour", "选 门口#1；", "看 派工；", "54: 资料「派工」不存在，是否指「派工单」？"},
		{"trial's red line", "tour", "应无 红线", "应无 黄线", "55: 「应无」后面只能是「红线」"},
		{"trial's verdict", "tour", "应判 及格", "应判 合格", "55: 「应判」后面只能是「及格」或「不及格」"},
		{"trial's points", "tour", "应得 D1=2，D6=3", "应得 D1", "54: 「D1」要写成「应得 D6=5」或「应得 总分=100」"},
		{"trial's dimension", "tour", "应得 D1=2，D6=3", "应得 D2=2，D6=3", "54: 维度「D2」没有声明，是否指「D1」？"},
		{"trial without points", "tour", "应得 D1=2，D6=3", "应得", "54: 「应得」后面要写得分：「应得 D6=5」"},
		{"trial's temperament", "temper", "性格 多疑；选", "性格 挑剔；选", "23: 客户没有「挑剔」这种性格，只有 急躁、多疑、老成持重"},
		{"trial's temperament undeclared", "tour", "选 门口#1；", "性格 急躁；", "54: 这个剧本没有写「性格:」"},
		{"trial's temperament late", "temper", "性格 多疑；选 电瓶#2", "选 电瓶#2；性格 多疑", "23: 「性格」要写在试演的最前面"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			src := sample(t, c.file)
			if strings.Count(src, c.old) != 1 {
				t.Fatalf("%q stands %d times in %s", c.old, strings.Count(src, c.old), c.file)
			}
			expect(t, strings.Replace(src, c.old, c.new, 1), c.want)
		})
	}
}

// expect reads src and compares every problem.
func expect(t *testing.T, src, want string) {
	t.Helper()
	s, problems := Parse("x.md", []byte(src))
	if s != nil {
		t.Error("there is a script in spite of the problem")
	}
	if got := strings.ReplaceAll(problems.Error(), "x.md:", ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What is wrong in several places is said in each, in the order of the file.
func TestProblemsTogether(t *testing.T) {
	src := strings.NewReplacer("→ 送别\n- 保证", "→ 送行\n- 保证", "技师（擦手）", "技士（擦手）", "应到 车边", "应到 车变",
		"耐心=20", "耐心=21", "已看(派工单)] 我", "已看(派工表)] 我").Replace(sample(t, "tour"))
	expect(t, src, `8: 仪表要写成「情绪=35」，起点0–100，5的倍数，不是「耐心=21」
17: 资料「派工表」不存在，是否指「派工单」？
25: 不认识「技士：」，它不是角色，也不是这里能用的词，是否指「技师」？
37: 场景「送行」不存在，是否指「送别」？
54: 场景「车变」不存在，是否指「车边」？`)
}

// A declaration that cannot be read is one problem, not one for every use.
func TestProblemsDoNotFollow(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"角色: 客户=周女士（怕麻烦、话少），技师=老周", "", "1: 缺少「角色:」"},
		{"仪表: 情绪=50，耐心=20", "仪表: 情绪，耐心：20", "8: 仪表要写成「情绪=35」，起点0–100，5的倍数，不是「情绪」\n8: 仪表要写成「情绪=35」，起点0–100，5的倍数，不是「耐心：20」\n8: 仪表名「耐心：20」里不能有「：」"},
		{"仪表:", "仪标:", "1: 缺少「仪表:」\n8: 不认识「仪标:」，是否指「仪表」？"},
		{"维度: D1，D6 承诺管理", "维度: D0", "9: 维度「D0」：只有 D1–D8，例如「D6 承诺管理」；自己的维度只写名字\n9: 至少要有一个维度"},
	} {
		expect(t, strings.Replace(sample(t, "tour"), c.old, c.new, 1), c.want)
	}
}

func TestProblemsAreCounted(t *testing.T) {
	src := strings.Replace(sample(t, "tour"), "旁白：走了几步。", strings.Repeat("走了几步。\n", 400), 1)
	_, problems := Parse("x.md", []byte(src))
	if len(problems) != maxProblems+1 || problems[0].String() != "x.md: 问题太多，先列出50个" {
		t.Errorf("%d problems, the first is %v", len(problems), problems[0])
	}
}

// A name nearer by sound or shape is proposed before one that shares as many characters.
func TestSuggest(t *testing.T) {
	for _, c := range []struct {
		name  string
		known []string
		want  string
	}{
		{"对帐", []string{"对话", "对账", "对策"}, "对账"},
		{"结算", []string{"结账", "核算单"}, "结账"},
		{"天涯海角", []string{"天空"}, ""},
		{"请客", []string{"试车", "收车"}, ""},
		{"帐", []string{"门", "账"}, "账"},
		{"对账环节", []string{"开场", "对账"}, "对账"},
		{strings.Repeat("长", 1000), []string{strings.Repeat("长", 999)}, ""},
	} {
		want := ""
		if c.want != "" {
			want = "，是否指「" + c.want + "」？"
		}
		if got := suggest(c.name, c.known); got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}
