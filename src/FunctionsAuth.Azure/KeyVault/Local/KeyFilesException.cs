namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>The operating system does not let this user read or write the files of the signing keys. The message names the folder and the reason.</summary>
public sealed class KeyFilesException(string message, Exception inner) : IOException(message, inner);
