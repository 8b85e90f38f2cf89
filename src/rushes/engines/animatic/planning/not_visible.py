"""Words of all languages that read like nouns of visible things and name none."""

from typing import Final

_WORDS: Final = {
    "en": """
        way lot while first second third last next other others entire whole same rest moment time
        end top bottom side middle center centre corner edge front back distance direction kingdom
        curse riddle legend courage wisdom journey adventure secret truth trial battle force
        change transformation process sense feeling experience effect impression result
        surroundings environment backdrop area place scene setting spot position path route rule
        game match performance party event ceremony festival holiday vacation summer winter spring
        season weekend month week hour minute decade century hint touch splash burst flash trail
        mix blend combination variety series range array collection style manner fashion tribute
        homage nod look feel genre era period past future present wind breeze sound noise song
        melody tune beat rhythm voice conversation discussion argument question answer task job
        duty work effort attempt goal score victory defeat chance risk danger threat speed height
        depth size length width weight volume amount number percent degree angle view viewpoint
        perspective pov viewer frame screenshot close how out if because although though whether
        what where when why who whom whose since until than then them him she they we you could
        would should may might must shall other another such only also even just very really
        something anything everything nothing someone anyone everyone kinda gonna wanna
        itself himself herself themselves myself yourself ourselves began begun shone shook sank
        sang swam wove tore bore bent spun hung slid swung stood sat lay rose flew drew threw knew
        blew wore swore froze spoke broke chose drove rode wrote hid bit met fled bled sped spread
        hurt burst kept slept wept swept crept felt dealt meant sent spent lent built lost caught
        taught bought brought thought fought sought made paid said laid told held found ground
        stuck struck dug clung flung stole ran came went rang sprang shrank drank became arose awoke
        lapping helping plating coloring deeper clearer closer heavier lighter brighter darker
        higher lower wider nearer farther further photoshoot tale footsteps bond mona lisa
        birthday wedding homework splotch scrap photography videography poker s scuba
        """,
    "es": """
        alféizar trompa borde pie oscuridad pared paredes agua suelos techo viento lluvia nieve
        luz luces estilo cámara fondo plano planos toma escena vista manera forma sol atmósfera
        ambiente color colores tono tonos calidad detalle detalles efecto textura sombra sombras
        momento tiempo mundo vida historia lente enfoque foco profundidad campo movimiento ritmo
        aire centro lado lados espalda frente cara rostro mirada sonrisa manos ojos cuerpo pies
        cabeza vez día noche mañana tarde alrededor interior exterior parte final principio medio
        distancia silencio emoción alegría tristeza amor sueño estética cine película documental
        década época años siglo estación primavera verano fotografía imagen video vídeo resolución
        anochecer horizonte través llamas lejos velocidad contraluz grano secuencia segundo primer
        suelo hombro hombros brazo brazos rodillas trabajo juego clase hora horas resto
        animal producto superficie arena penalti hombre-lobo páginas página pierna piernas dedos
        dedo labios boca nariz orejas oreja mejillas mejilla pecho cuello pelaje escamas plumaje
        cuerno cuernos compás aliento oscuras gotas gota salpicaduras lunares rayas cuadros bloque
        tiempos zaga
        ellas ellos mástil rizos azúcares equipo
        """,
    "fr": """
        rebord pied trompe obscurité pénombre mur murs eau eaux bord morceau plafond brise lumière
        lumières style caméra fond plan plans scène vue manière forme soleil atmosphère ambiance
        couleur couleurs ton tons qualité détail détails effet texture ombre ombres moment temps
        monde vie histoire objectif focale profondeur champ mouvement rythme air vent centre côté
        dos face visage regard sourire mains main yeux corps pieds tête fois jour nuit matin soir
        intérieur extérieur partie fin début milieu distance silence émotion joie amour rêve
        esthétique cinéma film documentaire années époque siècle saison printemps été photographie
        image vidéo résolution horizon travers loin vitesse souffle bas haut long large grain
        séquence premier première second seconde sol épaules bras genoux travail jeu anniversaire
        instant reste heure heures peu
        animal produit surface sable penalty pages page jambe jambes doigt doigts lèvres bouche
        nez oreille oreilles joue joues front poitrine cou pelage écailles cornes lueur droite
        gauche avant arrière gouttes goutte éclaboussures rayures pois carreaux rosée
        elles eux marbre mât vernis salle
        """,
    "pt": """
        parapeito tromba pé escuridão parede paredes água teto beira pedaço luz luzes estilo
        câmera fundo plano planos cena vista maneira forma sol atmosfera ambiente cor cores tom
        tons qualidade detalhe detalhes efeito textura sombra sombras momento tempo mundo vida
        história lente foco profundidade campo movimento ritmo ar vento centro lado lados costas
        frente rosto face olhar sorriso mãos mão olhos corpo pés cabeça vez dia noite manhã tarde
        redor interior exterior parte fim final início meio distância silêncio emoção alegria amor
        sonho estética cinema filme documentário anos época século estação primavera verão
        fotografia imagem vídeo resolução horizonte longe velocidade contraluz chão ombros braços
        joelhos colo ombro trabalho jogo primeiro primeira segundo segunda torno resto hora horas
        animal produto superfície areia pênalti páginas página perna pernas dedos dedo lábios boca
        nariz orelhas orelha bochechas testa peito pescoço cabeças pelagem escamas chifres som
        gotas gota respingos listras bolinhas filhote passos lateral
        elas eles mastro ponto renda
        """,
    "de": """
        fensterbank rüssel bart dunkelheit wand wände wasser decke stück luftaufnahme platz licht
        gegenlicht abendlicht morgenlicht sonnenlicht tageslicht kerzenlicht stil kamera
        hintergrund vordergrund bild szene aufnahme einstellung ansicht weise art form sonne
        stimmung atmosphäre farbe farben ton töne qualität detail details effekt textur schatten
        moment zeit welt leben geschichte linse objektiv fokus schärfe tiefenschärfe unschärfe
        bewegung rhythmus luft wind mitte seite rücken gesicht blick lächeln hand hände augen
        körper füße kopf mal tag nacht morgen abend inneren äußeren teil ende anfang ferne
        entfernung stille gefühl freude liebe traum ästhetik kino film dokumentarfilm jahre jahren
        epoche jahrhundert jahreszeit frühling sommer fotografie video auflösung horizont
        geschwindigkeit zeitraffer boden schultern arme knie schoß arbeit spiel nähe hälfte
        perspektive makro nahaufnahme kamerafahrt halbnah wolkenfetzen passiert uhr stunde stunden
        filmkorn körnung farbgebung seitenansicht richtung höhe tiefe weite rand
        tier produkt oberfläche sand elfmeter seiten schulter hals nacken stirn finger lippen mund
        nase wange wangen ohren brust bein beine fell schuppen achse asche edelstahl stahl
        aluminium tropfen wassertropfen tau streifen takt sommersprossen asphalt musik ruhe
        lichter atemzug mast rest
        """,
    "ru": """
        темнота темноте темноту стены стена стене стену стенах вода воду воды воде водой край
        лагере кусок свет свете стиль стиле камера камеру камеры камере фон фоне план кадр кадре
        сцена вид виде образ форма форме солнце солнца атмосфера цвет цвета цветов тон качество
        детали эффект тень тени момент время мир жизнь история объектив фокус резкость глубина
        движение ритм воздух воздухе ветер центр центре сторона сторону спина спине лицо лице
        взгляд улыбка рука руки руке руках рукой глаза глазами тело ноги голова голову голове день
        ночь утро вечер часть конец начало середина расстояние тишина чувство радость любовь сон
        мечта эстетика кино фильм годы годов эпоха век сезон весна лето весной летом съёмка съемка
        фотография изображение видео разрешение горизонт горизонте скорость земля земле земли
        плечи плечах колени коленях работа игра отражения отражение отражается боке очень рядом
        вдаль вдали вместе вокруг вниз вверх мимо снова потом затем пока когда чтобы если только
        почти будто словно своей своего своих своим своими неё него них ними этот этого всех весь
        дальний небольшой ракурс размытие мягкий зерно плёнка реализм
        животное животного животным продукт продукта поверхность поверхности песок песке песка
        страницы плечо плечу плече шея шее лоб лбу палец пальцы пальцами губы рот нос ухо уши щека
        щёки грудь нога ногу ноге ногах шерсть чешуя луч лучи лучом лучах роса росы капли капля
        стекло стеклу лёжа стоя сидя полоски кожа кожи дерева металла
        победа победу победы мачта мачты мачтой
        """,
    "ko": """
        한가운데 어둠 벽 물 저녁 아침 점심 식사 공기 모습 분위기 느낌 배경 화면 장면 카메라 빛
        조명 색 색감 스타일 효과 순간 시간 세계 인생 이야기 렌즈 초점 움직임 중앙 가운데 옆 얼굴
        표정 시선 미소 손 손에 눈빛 몸 발 머리 하루 낮 안 밖 사이 끝 시작 거리 침묵 감정 기쁨 사랑
        꿈 영화 다큐멘터리 시대 세기 계절 봄 여름 사진 영상 해상도 지평선 속도 역광 바닥 어깨 무릎
        천천 가까 멀리 조용 함께 위 아래 앞 뒤 주변 주위 풍경 실루엣 그림자 자연광 창밖 모두 서로
        우리 그녀 그 누구 자신 소리 음악 향기 냄새 클로즈업 슬로모션 시네마틱 실사 질감 디테일
        화질 시점 구도
        이마 볼 뺨 코 입 입술 귀 목 가슴 다리 손가락 등에 먹이 대리석 최신 모래 경주 방울 물방울
        박자 리듬 표면 제품 동물 한쪽 양쪽 순간들 마지막 처음 오늘 한순간 대비 강조 실내 실외
        돛대 까치발 글
        """,
    "ja": """
        暗闇 壁 水 夕食 朝食 昼食 食事 熱帯 映像 画面 場面 雰囲気 背景 前景 光 照明 色 色彩 質感
        効果 瞬間 時間 世界 人生 物語 焦点 被写界深度 動き 空気 中央 真ん中 表情 視線 笑顔 手元
        足元 身体 一日 中 外 間 最後 最初 距離 静寂 感情 喜び 愛 夢 映画 時代 世紀 季節 春 夏 写真
        動画 解像度 地平線 水平線 速度 逆光 地面 肩 膝 一緒 周囲 周り 風景 景色 様子 姿 後ろ姿 影
        自然光 全体 自分 彼女 彼 音 音楽 香り 高画質 実写 構図 視点 手前 奥 遠く 近く 横 ボケ
        シーン ショット ワンカット アングル カット スタイル イメージ シネマティック リアル
        ドキュメンタリー ストーリー ムード クオリティ レンズ フォーカス ライティング タイムラプス
        シルエット ロングショット カメラ カメラワーク
        獲物 撮影 大理石 最新 頭上 背後 満員 額 頬 鼻 口 唇 耳 首 胸 足 脚 指 毛並み 鱗 水滴 雫 砂
        表面 商品 製品 動物 一面 一人 全員 目元 瞬間瞬間 左右 上空 空間 時代劇 戦国時代 江戸時代
        昭和 平成 夕方 日常 本格的 水しぶき しぶき
        マスト 背伸び 平安時代
        """,
    "zh": """
        手拉手 黑暗 墙 墙壁 水 晚餐 早餐 午餐 秘密 传说 诅咒 谜题 誓言 阴谋 传奇 任务 机制 记忆
        道理 开始 队形 项目 角球 点球 混乱 左边 右边 王国 天堂 景象 空间 物品 试炼 封印 时间循环
        新物种 变化 过程 反应 温度 压力 画面 镜头 场景 风格 氛围 气氛 背景 前景 光线 光影 光芒
        色彩 质感 效果 瞬间 时间 世界 人生 故事 焦点 景深 动作 空气 中央 中间 表情 目光 微笑 笑容
        双手 身体 早上 内部 外部 部分 开头 结尾 距离 寂静 情感 喜悦 爱情 梦想 电影 纪录片 时代
        世纪 季节 春天 夏天 照片 图片 视频 分辨率 地平线 速度 逆光 地面 肩膀 膝盖 周围 风景 景色
        样子 身影 背影 影子 剪影 自然光 角落 视角 角度 构图 细节 宁静 美丽 感觉 地方 方向 声音
        音乐 人物 主角 主体
        警笛 鸣笛 动物 产品 商品 表面 沙子 毛发 汗水 汗珠 水滴 水珠 露珠 额头 脸颊 鼻子 嘴巴 嘴唇
        耳朵 脖子 胸口 手指 双腿 大腿 页面 节奏 倒影 都会 粗糙 力量 能量 气息 循环 信息 痕迹 证据
        线索 机会 方法 方式 问题 能力 天赋 结局 命运 灵魂 精神 生命 语言 名字 数字 结果 过去 未来
        现在 今天 明天 昨天 目标 终点 起点
        桅杆 声响 时刻
        边缘 扣杀 永恒 曲调 魔法 困境 定义 智慧 现象 机关 设置 东西 气味 幻想 翅膀 手臂 尾巴 头部
        领子 鳞片 爪子
        """,
}
NOT_VISIBLE: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
"""Of light, framing, time, feeling and style, by language; they are neither shown nor missing."""
