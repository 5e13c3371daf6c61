using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Text;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>The data that a person typed.</summary>
/// <param name="Name">The display name; null if it was left empty.</param>
public sealed record NewAccount(string Username, string Password, string? Name)
{
    public static NewAccount Read(Parameters form) =>
        new(form[PageFields.Username] ?? "", form[PageFields.Password] ?? "", form[PageFields.Name]) { AcceptsTerms = form[PageFields.Terms] == PageFields.True };

    /// <summary>The person accepts the terms of service.</summary>
    public bool AcceptsTerms { get; init; }

    /// <summary>The address that was proven by a link; null without one.</summary>
    public string? VerifiedEmail { get; init; }

    /// <summary>The text has no password, so that the password never gets into a log.</summary>
    public override string ToString() => nameof(NewAccount);
}

/// <summary>Creates an account with a password, and signs the user in with it.</summary>
public sealed class AccountCreator(
    IUserStore users, PasswordHashing hashing, HashLimit limit, SessionStarter sessions, DeviceMemory devices, TermsOfService terms, SecurityEvents events, TimeProvider clock)
{
    public static Phrase Taken { get; } = Phrase.Of($"That username is taken. Choose another one, or sign in if it is yours.");

    private const int MaxNameLength = 200;

    /// <returns>The problem that the person must correct; null if there is none.</returns>
    public Phrase? ProblemOf(NewAccount wish)
    {
        if (UsernameRules.ProblemOfChosen(wish.Username.Trim()) is { } problem)
            return Phrase.Of($"Choose another username: it {problem}.");
        if (PasswordRules.ProblemOf(wish.Password, wish.Username) is { } weakness)
            return weakness;
        if (wish.Name is { } name && (name.Length > MaxNameLength || ShownText.HasHiddenMeaning(name) || name.Trim().Length == 0))
            return Phrase.Of($"Choose a name of 1 to {MaxNameLength} characters, or leave it empty.");
        return terms.AreOn && !wish.AcceptsTerms ? Phrase.Of($"Accept the terms of service to make an account.") : null;
    }

    /// <returns>The account, or the problem that the person must correct.</returns>
    /// <exception cref="Errors.OAuthException">Status 429 or 503: too many passwords are being hashed.</exception>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<(User? User, Phrase? Problem)> CreateAsync(NewAccount wish, CancellationToken cancellation)
    {
        if (ProblemOf(wish) is { } problem)
            return (null, problem);
        var user = new User
        {
            Subject = User.NewSubject(),
            Username = wish.Username.Trim(),
            Claims = wish.Name is null ? [] : new JsonObject { ["name"] = wish.Name.Trim() },
            AcceptedTerms = terms.Accepted(),
        };
        if (wish.VerifiedEmail is { } email)
            user = user with { Claims = user.ClaimsWith(email) };
        var network = limit.Take();
        user = user with { PasswordHash = await hashing.HashAsync(user, wish.Password, network ?? user.Username, cancellation) };
        // The login names are inserted only if absent: of two people who want the same name at the same time, one gets it.
        if (!await users.TryCreateAsync(user, byOperator: false, cancellation))
            return (null, Taken);
        await events.AccountCreatedAsync(user.Subject);
        return (user, null);
    }

    /// <summary>The first session of a new account.</summary>
    /// <param name="clientId">The client of the request.</param>
    /// <inheritdoc cref="CreateAsync"/>
    public async Task<Session> BeginAsync(HttpContext http, User user, string clientId, CancellationToken cancellation)
    {
        var session = await sessions.StartAsync(http, ProvenLogin.ByPassword(user, clock.GetUtcNow()), clientId, remember: false, cancellation);
        await devices.RememberFirstAsync(http, user.Subject, cancellation);
        return session;
    }
}
