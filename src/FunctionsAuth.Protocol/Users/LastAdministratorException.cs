using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Nobody would administer the server any more: an administrator may go only while another one stays. Nothing was changed.</summary>
public sealed class LastAdministratorException()
    : OAuthException("invalid_request", "This user is the last administrator. Make another user an administrator first", StatusCodes.Status409Conflict);
