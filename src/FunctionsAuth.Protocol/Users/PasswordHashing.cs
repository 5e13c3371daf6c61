using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Users.Hashes;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Hashes and verifies passwords, a limited number at a time. Each verification takes at least as long as one for a hash of this server.</summary>
public sealed class PasswordHashing(PasswordHasher<User> hasher, HashingTurns turns)
{
    private static readonly byte[] PaddingSalt = new byte[16];

    /// <param name="text">The stored hash.</param>
    /// <param name="whom">The source of the request. Sources take turns.</param>
    /// <exception cref="OAuthException">Status 503: too many people are waiting.</exception>
    public async Task<PasswordVerificationResult> VerifyAsync(string text, string password, string whom, CancellationToken cancellation)
    {
        var hash = StoredHash.Of(text);
        using var turn = await turns.EnterAsync(hash.TakesMemory, whom, cancellation);
        var normal = PasswordRules.Normalize(password);
        var verified = Verify(hash, password);
        if (normal == password)
            return verified;
        // An earlier release, or the system from which a hash was imported, hashed the password exactly as it was typed.
        return verified == PasswordVerificationResult.Failed ? Verify(hash, normal) : PasswordVerificationResult.SuccessRehashNeeded;
    }

    /// <param name="whom">The source of the request. Sources take turns.</param>
    /// <exception cref="OAuthException">Status 503: too many people are waiting.</exception>
    public async Task<string> HashAsync(User user, string password, string whom, CancellationToken cancellation)
    {
        using var turn = await turns.EnterAsync(takesMemory: false, whom, cancellation);
        return hasher.HashPassword(user, PasswordRules.Normalize(password));
    }

    private static PasswordVerificationResult Verify(StoredHash hash, string password)
    {
        var matches = hash.Matches(password);
        // Otherwise the response time would show that the username exists.
        if (hash.Padding is > 0 and var padding)
            Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), PaddingSalt, padding, HashAlgorithmName.SHA512, PaddingSalt.Length);
        return !matches ? PasswordVerificationResult.Failed : hash.IsOwn ? PasswordVerificationResult.Success : PasswordVerificationResult.SuccessRehashNeeded;
    }
}
