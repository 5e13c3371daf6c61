using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>One of the account pages, with its content and its forms.</summary>
public abstract class AccountView
{
    /// <summary>The last part of its address.</summary>
    public abstract string Route { get; }

    /// <summary>It requires a login within the last <see cref="Configuration.AccountOptions.FreshLogin"/>.</summary>
    public virtual bool IsSensitive => false;

    public abstract Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation);

    /// <param name="form">The posted form. Its form token is valid.</param>
    public virtual Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation) => ShowAsync(visit, cancellation);
}

/// <summary>A visit to an account page.</summary>
/// <param name="FormToken">The token for the forms of this page.</param>
public sealed record AccountVisit(HttpContext Http, Session Session, User User, string FormToken)
{
    /// <summary>The time of the login, which every change checks.</summary>
    public DateTimeOffset AuthTime => Session.AuthTime;

    /// <summary>The sign-in methods of the user. Only views with <see cref="AccountView.IsSensitive"/> have them. For the others they are not read.</summary>
    public PersonCredentials? Person { get; init; }

    /// <summary>The authorization request during which the user came here, and to which the page leads back; null without one.</summary>
    public string? RequestId { get; init; }
}
