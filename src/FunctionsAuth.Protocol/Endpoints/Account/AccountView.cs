using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>One of the account pages: what it shows, and what its forms do.</summary>
public abstract class AccountView
{
    /// <summary>The last part of its address.</summary>
    public abstract string Route { get; }

    /// <summary>It needs a login of the last <see cref="Configuration.AccountOptions.FreshLogin"/>.</summary>
    public virtual bool IsSensitive => false;

    public abstract Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation);

    /// <param name="form">With a form token that is good.</param>
    public virtual Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation) => ShowAsync(visit, cancellation);
}

/// <summary>Who looks at an account page.</summary>
/// <param name="FormToken">For the forms of this page.</param>
public sealed record AccountVisit(HttpContext Http, Session Session, User User, string FormToken)
{
    /// <summary>The login on which every change rests.</summary>
    public DateTimeOffset AuthTime => Session.AuthTime;

    /// <summary>What the person signs in with. Only a view that <see cref="AccountView.IsSensitive"/> has it: for the others it is not read.</summary>
    public PersonCredentials? Person { get; init; }

    /// <summary>The authorization request in whose midst the person came here, and to which the page leads back; null without one.</summary>
    public string? RequestId { get; init; }
}
