using System.Buffers.Text;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// Ids that nobody else makes, and that are no secrets: whoever gets one may read it. For a secret, bytes must not wait in memory before they
/// are used.
/// </summary>
public static class UniqueId
{
    private const int Length = 12;

    /// <summary>The random generator of the system takes about as long for all of these as for one.</summary>
    private const int FetchedAtOnce = 64;

    [ThreadStatic]
    private static byte[]? fetched;

    [ThreadStatic]
    private static int used;

    /// <returns>96 random bits as base64url.</returns>
    public static string New()
    {
        if (fetched is null || used == FetchedAtOnce)
        {
            RandomNumberGenerator.Fill(fetched ??= new byte[FetchedAtOnce * Length]);
            used = 0;
        }
        return Base64Url.EncodeToString(fetched.AsSpan(used++ * Length, Length));
    }
}
