package spreadsheet

import "testing"

func TestCSV(t *testing.T) {
	got, err := CSV([]string{"姓名", "分"}, [][]string{
		{"张新", "-5"}, {"=1+1", "+x"}, {"＝全角", "@a"}, {"甲,乙", "\t"}, {"", "一\"二"},
	})
	want := "\ufeff姓名,分\r\n张新,-5\r\n'=1+1,'+x\r\n'＝全角,'@a\r\n\"甲,乙\",'\t\r\n,\"一\"\"二\"\r\n"
	if err != nil || string(got) != want {
		t.Errorf("%q, %v\nwant %q", got, err, want)
	}
}
