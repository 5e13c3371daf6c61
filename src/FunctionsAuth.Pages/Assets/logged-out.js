// The page has loaded when every frame has; a client that hangs is waited for no longer than 5 seconds.
const goOn = () => location.replace(document.getElementById("continue").href);
addEventListener("load", goOn);
setTimeout(goOn, 5000);
