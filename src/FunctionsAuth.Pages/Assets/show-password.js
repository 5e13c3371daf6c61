// Lets a person read what was typed into a password field.
for (const button of document.querySelectorAll("button[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals);

  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-label", shown ? button.dataset.hideLabel : button.dataset.showLabel);
  };

  button.addEventListener("click", () => show(field.type === "password"));
  // What is sent as a text could be kept by the browser, and offered to the next person.
  field.form.addEventListener("submit", () => show(false));
  button.hidden = false;
}
