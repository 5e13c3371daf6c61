// Takes the ticket from behind the # of the address, and takes it out of the history of the browser.
const ticket = document.getElementById("ticket");
if (ticket !== null && location.hash.length > 1) {
  ticket.value = location.hash.slice(1);
  document.getElementById("ticket-field").hidden = true;
  history.replaceState(null, "", location.pathname);
}
