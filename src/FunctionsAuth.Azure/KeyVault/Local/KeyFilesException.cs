namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>The system does not let this user read or write the files of the signing keys. The message says which and why.</summary>
public sealed class KeyFilesException(string message, Exception inner) : IOException(message, inner);
