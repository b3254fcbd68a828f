package reading

import "strings"

// What is said without blanks between words is looked for in the folded text, for the
// plain cases only. Each sign needs one of its words, and none of those that turn it.
var eastSigns = []struct {
	set   func(*signs) *string
	words []string
	not   []string
}{
	{func(g *signs) *string { return &g.stop }, list("不要再联系|不要再聯絡|不要再聯繫|别再联系|不要再发邮件|不要再寄信|别再发邮件|不要再给我发|请勿再联系|请停止发送|連絡しないで|連絡はご遠慮|送らないで|メールを送らない|配信停止|連絡はしないで|연락하지 마|연락하지 말|보내지 마|보내지 말|메일을 그만|수신거부"), nil},
	{func(g *signs) *string { return &g.no }, list("无法帮|無法幫|帮不上|幫不上|没有兴趣|沒有興趣|不感兴趣|不感興趣|不能接受|恕难|恕難|婉拒|只能拒绝|お断り|いたしかね|致しかね|ご遠慮させて|辞退|見送らせて|お役に立て|ご期待に添え|거절|응할 수 없|관심이 없|관심 없|도와드리기 어렵|도와드릴 수 없|사양하"), nil},
	{func(g *signs) *string { return &g.weakNo }, list("没有时间|沒有時間|没时间|沒時間|没空|沒空|不方便|不行|不可以|抽不出时间|抽不出時間|太忙|很忙|難しい|難しく|できません|都合がつ|都合が合|時間が取れ|時間がとれ|余裕がな|多忙|어렵습니다|어려울|힘들|시간이 없|시간이 안|불가능|안 됩니다|안됩니다|바빠|바쁩"), list("不方便吗|不可以吗")},
	{func(g *signs) *string { return &g.laterAlone }, list("以后再|以後再|之后再|之後再|再联系|再聯絡|再聯繫|过段时间|過段時間|改天|下次|また今度|後日|改めて|またの機会|落ち着いたら|落ち着きましたら|나중에|다음에|다시 연락|추후"), list("不要再联系|不要再聯絡|不要再聯繫|别再联系|请勿再联系")},
	{func(g *signs) *string { return &g.yes }, list("好的|好呀|好啊|没问题|沒問題|当然|當然|乐意|樂意|愿意|願意|可以的|可以。|可以！|可以聊|可以通话|可以通話|随时可以|大丈夫です|喜んで|もちろん|ぜひ|承知|かしこまりました|了解しました|了解です|問題ありません|問題ございません|可能です|네,|네.|네 |네!|예,|좋습니다|좋아요|좋을 것 같|가능합니다|가능해요|괜찮습니다|괜찮아요|물론|기꺼이"), list("不愿意|不願意|不太可以|不可以|不好的|是否可以|可以吗|大丈夫ではな|大丈夫ですか|大丈夫でしょうか|が可能です か|가능합니까|가능할까요|괜찮습니까|괜찮으십니까|괜찮으신지")},
	{func(g *signs) *string { return &g.plans }, list("什么时候方便|什麼時候方便|何时方便|哪天方便|几点方便|ご都合の良い|ご都合のよい|ご都合はいかが|いつがよろしい|いつがご都合|언제가 좋|언제 시간|언제 괜찮|편하신 시간"), nil},
}

// eastern adds what a text in Chinese, Japanese or Korean says.
func (g *signs) eastern(flat string) {
	if !strings.ContainsFunc(flat, isHan) {
		return
	}
	for _, sign := range eastSigns {
		at := sign.set(g)
		if *at != "" || containsAny(flat, sign.not) {
			continue
		}
		for _, w := range sign.words {
			if strings.Contains(flat, w) {
				*at = w
				break
			}
		}
	}
	if g.laterAlone != "" && g.later == "" {
		g.later = g.laterAlone
	}
}
