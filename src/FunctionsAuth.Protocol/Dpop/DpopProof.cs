namespace FunctionsAuth.Protocol.Dpop;

/// <summary>A proof that is good, and was not used before as far as its content tells: see <see cref="DpopProofs.UseAsync"/>.</summary>
/// <param name="Thumbprint">Of the key that signed it: RFC 7638 with SHA-256, base64url.</param>
/// <param name="Use">What is used up with it.</param>
/// <param name="ExpiresAt">From then on it is refused for its age.</param>
public sealed record DpopProof(string Thumbprint, string Use, DateTimeOffset ExpiresAt);
