using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Users;

/// <summary>The change would leave the server without an administrator. Nothing was changed.</summary>
public sealed class LastAdministratorException()
    : OAuthException("invalid_request", "This user is the last administrator. Make another user an administrator first", StatusCodes.Status409Conflict);
