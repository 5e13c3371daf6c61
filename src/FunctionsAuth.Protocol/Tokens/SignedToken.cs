namespace FunctionsAuth.Protocol.Tokens;

/// <param name="Lifetime">From now.</param>
public sealed record SignedToken(string Value, TimeSpan Lifetime);
