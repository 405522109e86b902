/* The emoji that Lifeboat's messages use, and those that people put below messages, by Slack's names. */
const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 white_check_mark ✅ heavy_check_mark ✔️ x ❌ eyes 👀 tada 🎉 raised_hands 🙌
pray 🙏 clap 👏 ok_hand 👌 wave 👋 muscle 💪 point_right 👉 point_left 👈 point_up 👆 point_down 👇 raised_hand ✋ hand ✋
handshake 🤝 writing_hand ✍️ salute 🫡 saluting_face 🫡 heart ❤️ blue_heart 💙 green_heart 💚 yellow_heart 💛 broken_heart 💔
smile 😄 smiley 😃 grinning 😀 grin 😁 slightly_smiling_face 🙂 simple_smile 🙂 wink 😉 blush 😊 joy 😂 rolling_on_the_floor_laughing 🤣
sweat_smile 😅 thinking_face 🤔 face_with_monocle 🧐 neutral_face 😐 confused 😕 disappointed 😞 cry 😢 sob 😭 scream 😱
sleeping 😴 sunglasses 😎 nerd_face 🤓 exploding_head 🤯 hugging_face 🤗 face_with_rolling_eyes 🙄 melting_face 🫠 skull 💀 robot_face 🤖
fire 🔥 boom 💥 rocket 🚀 sparkles ✨ star ⭐ star2 🌟 zap ⚡ 100 💯 trophy 🏆 medal 🏅 sunny ☀️ cloud ☁️ rainbow 🌈 umbrella ☔ snowflake ❄️
warning ⚠️ rotating_light 🚨 no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 construction 🚧 sos 🆘 question ❓ grey_question ❔ exclamation ❗ bangbang ‼️
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣
white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_green_square 🟩 information_source ℹ️ white_large_square ⬜
hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ watch ⌚ calendar 📆 date 📅
double_vertical_bar ⏸️ arrow_forward ▶️ black_square_for_stop ⏹️ fast_forward ⏩ rewind ⏪ repeat 🔁 arrows_counterclockwise 🔄
leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ back 🔙
lock 🔒 unlock 🔓 key 🔑 shield 🛡️ bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 telephone_receiver 📞 phone ☎️ iphone 📱 pager 📟
email 📧 envelope ✉️ inbox_tray 📥 outbox_tray 📤 memo 📝 pencil 📝 clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗
bookmark 🔖 file_folder 📁 open_file_folder 📂 page_facing_up 📄 bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉
books 📚 book 📖 newspaper 📰 label 🏷️ mag 🔍 bulb 💡 battery 🔋 electric_plug 🔌 computer 💻 desktop_computer 🖥️ floppy_disk 💾 cd 💿
satellite 🛰️ satellite_antenna 📡 globe_with_meridians 🌐 earth_africa 🌍 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ toolbox 🧰
fire_engine 🚒 ambulance 🚑 fire_extinguisher 🧯 helmet_with_white_cross ⛑️ life_preserver 🛟 ring_buoy 🛟 ship 🚢 sailboat ⛵ anchor ⚓
wastebasket 🗑️ package 📦 gift 🎁 balloon 🎈 confetti_ball 🎊 beers 🍻 coffee ☕ pizza 🍕 cake 🍰 doughnut 🍩 bug 🐛 beetle 🐞 snail 🐌
turtle 🐢 cat 🐱 dog 🐶 see_no_evil 🙈 crown 👑 detective 🕵️ technologist 🧑‍💻 ghost 👻 new 🆕 ok 🆗 up 🆙 recycle ♻️ checkered_flag 🏁
triangular_flag_on_post 🚩 heavy_plus_sign ➕ heavy_minus_sign ➖ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣
`;

const words = TABLE.trim().split(/\s+/);

/** Characters by name. */
export const emoji: ReadonlyMap<string, string> = new Map(
  words.flatMap((word, index): [string, string][] => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])),
);

/** The names for a picker: one for each emoji, common ones first. */
export const emojiNames: readonly string[] = [...emoji.keys()].filter(
  (name, index, names) => names.findIndex((other) => emoji.get(other) === emoji.get(name)) === index,
);
