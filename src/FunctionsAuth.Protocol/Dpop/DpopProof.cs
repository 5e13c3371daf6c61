namespace FunctionsAuth.Protocol.Dpop;

/// <summary>A proof whose content is valid. Whether it was used before is checked later: see <see cref="DpopProofs.UseAsync"/>.</summary>
/// <param name="Thumbprint">The thumbprint of the key that signed it: RFC 7638 with SHA-256, base64url.</param>
/// <param name="Use">The value that is marked as used.</param>
/// <param name="ExpiresAt">After this time it is refused because of its age.</param>
public sealed record DpopProof(string Thumbprint, string Use, DateTimeOffset ExpiresAt);
