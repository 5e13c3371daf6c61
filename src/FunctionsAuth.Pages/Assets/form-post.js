// A response parameter named "submit" would hide the form's own method.
HTMLFormElement.prototype.submit.call(document.forms[0]);
