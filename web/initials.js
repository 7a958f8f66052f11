/* What a list of choices is searched by: a unit's name and the initials of its name in pinyin, fgc for
 * 厅法规处. Streamlit's own file is made to ask here (frontend.py). Owns nothing else: name and initials of
 * each unit are the page's, in an element of the class "unit-initials". */
(() => {
  "use strict";
  let given = "";
  let initials = new Map();

  globalThis.searchedText = (choice) => {
    const now = document.querySelector(".unit-initials")?.dataset.units ?? given;
    if (now !== given) {
      given = now;
      initials = new Map(Object.entries(JSON.parse(now)));
    }
    // A choice may have its number of tasks behind the name.
    const letters = initials.get(choice.split("\u3000")[0]);
    return letters ? `${choice}\u3000${letters}` : choice;
  };
})();
