package roleplay

// Competences are the eight dimensions of a service advisor's competence, D1
// first. Every scenario scores some of them, so that all scenarios, quizzes
// and observations fill one profile.
var Competences = [MaxDimensions]string{
	"礼仪形象", "倾听提问", "同理与情绪", "诊断与说明",
	"流程与单据", "承诺管理", "费用与配件透明", "风险识别与升级",
}
