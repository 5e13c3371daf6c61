using Microsoft.IdentityModel.Tokens;

namespace Microsoft.IdentityModel.JsonWebTokens;

/// <summary>What <see cref="JsonWebTokenHandler"/> 6.8 lacks of 8.x.</summary>
public static class JsonWebTokenHandlerGap
{
    /// <summary>
    /// Validates a token as 8.x does: whatever is wrong with it is told by <see cref="TokenValidationResult.IsValid"/> and
    /// <see cref="TokenValidationResult.Exception"/>; nothing is thrown for what a token's sender can cause.
    /// </summary>
    public static Task<TokenValidationResult> ValidateTokenAsync(
        this JsonWebTokenHandler handler, string token, TokenValidationParameters validationParameters)
    {
        ArgumentNullException.ThrowIfNull(handler);
        try
        {
            return Task.FromResult(handler.ValidateToken(token, validationParameters));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // 6.8 throws for a token that can't be read at all; 8.x reports that like any other failure.
            return Task.FromResult(new TokenValidationResult { IsValid = false, Exception = e });
        }
    }
}
