using System.Buffers.Text;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// Unique ids that are not secret: everybody who gets one may read it. It must not be used for secrets, because the random bytes of the next ids are kept in
/// memory.
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
