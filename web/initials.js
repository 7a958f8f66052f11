/* Lets lists of choices find a unit by the initials of its name in pinyin: fgc for 厅法规处. Owns nothing
 * else: name and initials of each unit are the page's, in an element of the class "unit-initials".
 * Streamlit compares what is typed with the small letters of each choice and offers no other way; so,
 * while letters are typed into a list, a unit's name has its initials behind it. */
(() => {
  "use strict";
  let given = "";
  let initials = new Map();
  let isTyping = false;

  const look = () => {
    const now = document.querySelector(".unit-initials")?.dataset.units ?? given;
    if (now === given) return;
    given = now;
    initials = new Map(Object.entries(JSON.parse(now)));
  };
  const { toLowerCase } = String.prototype;
  String.prototype.toLowerCase = function () {
    const text = toLowerCase.call(this);
    if (!isTyping) return text;
    // A choice may have its number of tasks behind the name.
    const letters = initials.get(text.split("\u3000")[0]);
    return letters ? `${text}\u3000${letters}` : text;
  };
  addEventListener("input", (event) => {
    isTyping = event.target.matches?.('[role="combobox"]') && /[a-z]/i.test(event.target.value);
    if (isTyping) look();
  }, true);
  addEventListener("focusout", () => { isTyping = false; }, true);
})();
