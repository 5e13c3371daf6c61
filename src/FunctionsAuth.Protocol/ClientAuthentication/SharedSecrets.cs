using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>Secrets that clients send.</summary>
public sealed class SharedSecrets(TimeProvider clock)
{
    /// <summary>Whether this is one of the client's secrets and has not expired. The check takes the same time for each secret.</summary>
    public bool IsOf(Client client, string secret)
    {
        var now = clock.GetUtcNow();
        // What is kept is base64url, in its one spelling. So the hash is written once, and nothing is decoded.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), hash);
        Span<char> presented = stackalloc char[Base64Url.GetEncodedLength(SHA256.HashSizeInBytes)];
        Base64Url.EncodeToChars(hash, presented);
        var matches = false;
        foreach (var known in client.ClientSecrets)
            matches |= CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(known.Sha256.AsSpan()), MemoryMarshal.AsBytes(presented)) && (known.ExpiresAt is null || now < known.ExpiresAt);
        return matches;
    }
}

/// <summary>The common part of methods with a secret that client and server share.</summary>
public abstract class SharedSecretFeature : ClientAuthenticationFeature
{
    public override KeptSecret Secret => KeptSecret.Hash;

    public override bool IsOpenToRegistrants => true;

    public override IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.ClientSecrets.Count == 0)
            yield return new("client_secret", $"is required with {Name}");
    }
}

/// <summary>
/// The common part of the two methods that send the secret itself. RFC 6749 §2.3.1 requires servers to accept the header, and many libraries can only
/// use the body. Both prove the same, so a client that is registered for one of the methods can use the other.
/// </summary>
public abstract class SentSecretFeature : SharedSecretFeature
{
    public override bool Accepts(string used) => used is AuthMethods.ClientSecretBasic or AuthMethods.ClientSecretPost;
}
