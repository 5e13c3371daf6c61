using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Passkeys;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>The factors of a user in addition to the password, including codes by mail.</summary>
public sealed class PersonFactors(ICredentialStore credentials, IUserStore users, RelyingParty party, ServerOptions options)
{
    /// <param name="user">Null if the user is not read yet.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async ValueTask<PersonCredentials> FindAsync(string subject, User? user, CancellationToken cancellation)
    {
        var person = await credentials.FindAsync(subject, cancellation);
        // A user with a stronger factor is not asked for a weaker one.
        if (!options.SecondFactors.EmailCodes || person.Factors.HasAny || party.HasAnyOf(person))
            return person;
        // NIST SP 800-63B-4 §3.1.3.1: if the password was set by mail, a code by mail is the same factor again.
        return (user ?? await users.FindAsync(subject, cancellation)) is { PasswordSetByMail: false, VerifiedEmail: { } address } && MailMessage.IsAddress(address)
            ? person with { EmailForCodes = address }
            : person;
    }

    /// <summary>The highest level that the user can reach with these factors.</summary>
    public AuthenticationLevel ReachableBy(PersonCredentials person) => party.HasAnyOf(person) ? AuthenticationLevel.Passkey
        : person.Factors.HasAny || person.EmailForCodes is not null ? AuthenticationLevel.MultiFactor : AuthenticationLevel.Password;
}
