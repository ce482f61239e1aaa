package main

import "qibu/internal/people"

// The people of the demonstration. Many are named after solar terms: nobody is
// called all of this in one company.

// The stores.
const (
	south    = "城南店"
	river    = "滨江店"
	district = "开发区店"
)

// part is one person of the cast. Without an account the staff number is the
// only login name, and without a password nobody can log in as this person.
type part struct {
	account, staffNo, name, store, post string
	roles                               []people.Role
}

var (
	zhang = part{"advisor", "0010482", "张新", south, "服务顾问", advises}
	qin   = part{"trainer", "0007001", "秦立夏", south, "培训师", []people.Role{people.Trainer}}
	mei   = part{"hr", "0006002", "梅清明", south, "人事专员", []people.Role{people.HR}}
	shi   = part{"admin", "0006001", "石大寒", south, "系统管理员", []people.Role{people.Admin}}

	ouyang    = part{"", "0009317", "欧阳静怡", south, "服务顾问", advises}
	chen      = part{"", "0007740", "陈立", south, "服务顾问", advises}
	heXiaoman = part{"", "0010533", "何小满", south, "见习服务顾问", advises}
	jiang     = part{"", "0010777", "江霜", south, "见习服务顾问", advises}

	yan       = part{"", "0005102", "严小寒", river, "培训师", []people.Role{people.Trainer}}
	maimaiti  = part{"", "0008855", "买买提·阿不都热依木", river, "高级服务顾问", advises}
	gu        = part{"", "0008120", "谷雨生", river, "服务顾问", advises}
	du        = part{"", "0009644", "杜立秋", river, "服务顾问", advises}
	luo       = part{"", "0005203", "罗春分", district, "培训师", []people.Role{people.Trainer}}
	wu        = part{"", "0011206", "吴小雨", district, "见习服务顾问", advises}
	bai       = part{"", "0010901", "白露", district, "服务顾问", advises}
	feng      = part{"", "0011310", "冯冬至", district, "见习服务顾问", advises}
	everybody = []part{zhang, qin, mei, shi, ouyang, chen, heXiaoman, jiang, yan, maimaiti, gu, du, luo, wu, bai, feng}
)

var advises = []people.Role{people.Advisor}

// passwordHash is the argon2id hash of demoPassword, computed once: sixteen of
// them at every first start would be seconds spent on a secret that is none.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$N/Rc0xpe9IETZzJhSov31A$KsgS3kUQAYjSq6xVAcj1MhXO8TqP0dq9358l22DcNUs"
