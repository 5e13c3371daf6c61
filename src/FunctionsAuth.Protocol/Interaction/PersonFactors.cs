using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Passkeys;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>What a person can prove beside the password, codes by mail included.</summary>
public sealed class PersonFactors(ICredentialStore credentials, IUserStore users, RelyingParty party, ServerOptions options)
{
    /// <param name="user">Null where it is not read yet.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async ValueTask<PersonCredentials> FindAsync(string subject, User? user, CancellationToken cancellation)
    {
        var person = await credentials.FindAsync(subject, cancellation);
        // Whoever has something better is not asked for less.
        if (!options.SecondFactors.EmailCodes || person.Factors.HasAny || party.HasAnyOf(person))
            return person;
        // NIST SP 800-63B-4 §3.1.3.1: beside a password that came by mail, a code by mail is the same factor twice.
        return (user ?? await users.FindAsync(subject, cancellation)) is { PasswordSetByMail: false, VerifiedEmail: { } address } && MailMessage.IsAddress(address)
            ? person with { EmailForCodes = address }
            : person;
    }

    /// <summary>The highest level that a person can reach with what they have.</summary>
    public AuthenticationLevel ReachableBy(PersonCredentials person) => party.HasAnyOf(person) ? AuthenticationLevel.Passkey
        : person.Factors.HasAny || person.EmailForCodes is not null ? AuthenticationLevel.MultiFactor : AuthenticationLevel.Password;
}
