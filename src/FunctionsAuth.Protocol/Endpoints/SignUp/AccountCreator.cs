using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Text;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.SignUp;

/// <summary>What a person typed.</summary>
/// <param name="Name">What others may call them; null when it was left empty.</param>
public sealed record NewAccount(string Username, string Password, string? Name)
{
    /// <summary>Without the password, so that it never gets into a log.</summary>
    public override string ToString() => nameof(NewAccount);
}

/// <summary>Makes an account with a password, and signs the person in with it.</summary>
public sealed class AccountCreator(IUserStore users, PasswordHashing hashing, HashLimit limit, SessionStarter sessions, SecurityEvents events, TimeProvider clock)
{
    private const int MaxNameLength = 200;
    private const int SubjectLength = 16;

    /// <param name="clientId">The client whose request it is.</param>
    /// <returns>The session, or else what the person must change.</returns>
    public async Task<(Session? Session, string? Problem)> CreateAsync(HttpContext http, string clientId, NewAccount wish, CancellationToken cancellation)
    {
        if (ProblemOf(wish) is { } problem)
            return (null, problem);
        var user = new User
        {
            Subject = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SubjectLength)),
            Username = wish.Username.Trim(),
            Claims = wish.Name is null ? [] : new JsonObject { ["name"] = wish.Name.Trim() },
        };
        var network = limit.Take();
        user = user with { PasswordHash = await hashing.HashAsync(user, wish.Password, network ?? user.Username, cancellation) };
        // The login name is inserted if absent: of two people who want it at once one gets it.
        if (!await users.TryCreateAsync(user, byOperator: false, cancellation))
            return (null, "That username is taken. Choose another one, or sign in if it is yours.");
        await events.AccountCreatedAsync(user.Subject);
        return (await sessions.StartAsync(http, ProvenLogin.ByPassword(user, clock.GetUtcNow()), clientId, remember: false, cancellation), null);
    }

    private static string? ProblemOf(NewAccount wish)
    {
        if (UsernameRules.ProblemOfChosen(wish.Username.Trim()) is { } problem)
            return $"Choose another username: it {problem}.";
        if (PasswordRules.ProblemOf(wish.Password, wish.Username) is { } weakness)
            return weakness;
        return wish.Name is { } name && (name.Length > MaxNameLength || ShownText.HasHiddenMeaning(name) || name.Trim().Length == 0)
            ? $"Choose a name of 1 to {MaxNameLength} characters, or leave it empty."
            : null;
    }
}
