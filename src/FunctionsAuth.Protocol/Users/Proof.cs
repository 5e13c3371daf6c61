using System.Globalization;

namespace FunctionsAuth.Protocol.Users;

/// <summary>The methods with which a user proves the identity.</summary>
public enum AuthenticationMethod
{
    Password,

    /// <summary>A code of an authenticator app (RFC 6238).</summary>
    Totp,

    /// <summary>One of the recovery codes.</summary>
    RecoveryCode,

    /// <summary>A code that was sent to the person's address.</summary>
    EmailCode,

    /// <summary>A passkey that does not leave its device.</summary>
    DevicePasskey,

    /// <summary>A passkey that several devices of the person share.</summary>
    SyncedPasskey,
}

/// <summary>What a person proved, and when.</summary>
public sealed record Proof(AuthenticationMethod Method, DateTimeOffset At)
{
    private const char Separator = '@';

    public bool IsPasskey => Method is AuthenticationMethod.DevicePasskey or AuthenticationMethod.SyncedPasskey;

    /// <summary>It counts only in addition to a password.</summary>
    public bool IsSecondFactor => Method is AuthenticationMethod.Totp or AuthenticationMethod.RecoveryCode or AuthenticationMethod.EmailCode;

    /// <summary>As rows have it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method}{Separator}{At.UtcTicks}");

    /// <summary>Reads the text of <see cref="ToString"/>; null for a method of a later release.</summary>
    public static Proof? Parse(string text)
    {
        var parts = text.Split(Separator);
        return parts.Length == 2 && Enum.TryParse<AuthenticationMethod>(parts[0], out var method) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks
            ? new Proof(method, new DateTimeOffset(at, TimeSpan.Zero))
            : null;
    }
}

/// <summary>The authentication level of several proofs of one user.</summary>
public static class Proofs
{
    public static AuthenticationLevel Level(this IReadOnlyList<Proof> proofs) => AuthenticationContexts.LevelOf(proofs.Amr());

    /// <summary>RFC 8176 §2: the methods of the proofs that decide the level, and <c>mfa</c> if there are two factors.</summary>
    public static IReadOnlyList<string> Amr(this IReadOnlyList<Proof> proofs)
    {
        var decisive = proofs.Decisive();
        List<string> methods = [.. decisive.SelectMany(MethodsOf).Distinct()];
        if (decisive.Count > 1)
            methods.Add(Users.Amr.MultiFactor);
        return methods;
    }

    /// <summary>The time of the oldest proof that decides the level (OpenID Connect Core §2, <c>auth_time</c>). Adding a second factor is not a new login.</summary>
    public static DateTimeOffset AuthTime(this IReadOnlyList<Proof> proofs) => proofs.Decisive().Min(proof => proof.At);

    /// <summary>The same proofs and one more, which replaces an earlier proof with the same method.</summary>
    public static IReadOnlyList<Proof> With(this IReadOnlyList<Proof> proofs, Proof proof) => [.. proofs.Where(other => other.Method != proof.Method), proof];

    private static IReadOnlyList<Proof> Decisive(this IReadOnlyList<Proof> proofs)
    {
        if (Latest(proofs, proof => proof.IsPasskey) is { } passkey)
            return [passkey];
        var second = Latest(proofs, proof => proof.IsSecondFactor);
        return Latest(proofs, proof => proof.Method == AuthenticationMethod.Password) is not { } password ? second is null ? [] : [second]
            : second is null ? [password] : [password, second];
    }

    private static Proof? Latest(IReadOnlyList<Proof> proofs, Func<Proof, bool> isOne) => proofs.Where(isOne).MaxBy(proof => proof.At);

    private static IReadOnlyList<string> MethodsOf(Proof proof) => proof.Method switch
    {
        AuthenticationMethod.Password => [Users.Amr.Password],
        // Only an attestation proves that a key is in hardware, and the server asks for none.
        AuthenticationMethod.DevicePasskey or AuthenticationMethod.SyncedPasskey => [Users.Amr.SoftwareKey, Users.Amr.User],
        _ => [Users.Amr.OneTimePassword],
    };
}
